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

const mostPoints = 2_000;

/**
 * Seconds, then sent, delivered, read, failed: the rows of the chart, from the first interval to the last that has begun. One
 * without a row had none; without it a line would join its neighbours over the silence, and a single row be no line at all.
 */
export function overTime(
  rows: readonly AnalyticsRow[],
  { from, to, stepS, nowMs }: { from: string; to: string; stepS: number; nowMs: number },
): number[][] {
  const found = new Map<number, Sums>();
  for (const row of rows) add(found, Date.parse(row.at) / 1_000, row);
  const end = Math.min(Date.parse(to), nowMs) / 1_000;
  const begin = Math.max(Date.parse(from) / 1_000, end - mostPoints * stepS);
  for (let at = Math.ceil(begin / stepS) * stepS; at < end; at += stepS)
    if (!found.has(at)) found.set(at, none());
  const times = [...found].sort(([a], [b]) => a - b);
  return [
    times.map(([at]) => at),
    ...(["sent", "delivered", "read", "failed"] as const).map((name) => times.map(([, sums]) => sums[name])),
  ];
}

export function totalOf(rows: readonly AnalyticsRow[]): Sums {
  const found = new Map<string, Sums>();
  for (const row of rows) add(found, "", row);
  return found.get("") ?? none();
}

function add<Key>(to: Map<Key, Sums>, key: Key, row: AnalyticsRow): void {
  const sums = to.get(key) ?? none();
  for (const name of measures) sums[name] += row[name];
  to.set(key, sums);
}
