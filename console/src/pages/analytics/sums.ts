/** Rows of the analytics, added up for the table and for the chart. Pure. */
import type { AnalyticsRow } from "../../shapes/status.ts";

export const measures = ["accepted", "sent", "delivered", "read", "failed", "expired", "cancelled"] as const;
export type Measure = (typeof measures)[number];
export type Sums = Record<Measure, number>;

const none = (): Sums => ({
  accepted: 0,
  sent: 0,
  delivered: 0,
  read: 0,
  failed: 0,
  expired: 0,
  cancelled: 0,
});

/** One line for each key, the largest first. */
export function byKey(rows: readonly AnalyticsRow[]): { key: string; sums: Sums }[] {
  const found = new Map<string, Sums>();
  for (const row of rows) add(found, row.key, row);
  return [...found].map(([key, sums]) => ({ key, sums })).sort((a, b) => b.sums.accepted - a.sums.accepted);
}

/** Seconds, then sent, delivered, read, failed: the rows of the chart. */
export function overTime(rows: readonly AnalyticsRow[]): number[][] {
  const found = new Map<string, Sums>();
  for (const row of rows) add(found, row.at, row);
  const times = [...found]
    .map(([at, sums]) => ({ at: Date.parse(at) / 1_000, sums }))
    .sort((a, b) => a.at - b.at);
  return [
    times.map(({ at }) => at),
    ...(["sent", "delivered", "read", "failed"] as const).map((name) => times.map(({ sums }) => sums[name])),
  ];
}

export function totalOf(rows: readonly AnalyticsRow[]): Sums {
  const found = new Map<string, Sums>();
  for (const row of rows) add(found, "", row);
  return found.get("") ?? none();
}

function add(to: Map<string, Sums>, key: string, row: AnalyticsRow): void {
  const sums = to.get(key) ?? none();
  for (const name of measures) sums[name] += row[name];
  to.set(key, sums);
}
