/**
 * A tally is a table of sums over the rows of a view. What a row adds is a function of that row alone, so the sums are one of
 * the rows, however these came about: a row that changes takes back what it added and adds anew. Pure.
 */
import type { Row } from "./view.ts";

/** One thing counted: the values of the tally's key, times in epoch ms, and which of its sums is one larger. */
export type Share = { key: readonly (string | number)[]; sum: string };

export type Tally = {
  table: string;
  /** Its primary key, in this order. */
  key: Readonly<Record<string, "text" | "time">>;
  sums: readonly string[];
  /** Columns of the view's row that `shares` looks at. */
  reads: readonly string[];
  shares(row: Row): readonly Share[];
};

/** A row of a view before (null: there was none) and after. */
export type Change = { was: Row | null; became: Row };

export type Delta = { key: readonly (string | number)[]; sums: Readonly<Record<string, number>> };

/** What the changes move, in the order in which rows are locked; what cancels out is left out. */
export function tallyDeltas(tally: Tally, changes: readonly Change[]): Delta[] {
  const deltas = new Map<string, { key: Share["key"]; sums: Record<string, number> }>();
  const add = ({ key, sum }: Share, n: number) => {
    const id = key.join("\0");
    let delta = deltas.get(id);
    if (delta === undefined) {
      delta = { key, sums: {} };
      deltas.set(id, delta);
    }
    delta.sums[sum] = (delta.sums[sum] ?? 0) + n;
  };
  for (const { was, became } of changes) {
    if (was !== null) for (const share of tally.shares(was)) add(share, -1);
    for (const share of tally.shares(became)) add(share, 1);
  }
  return [...deltas]
    .filter(([, { sums }]) => Object.values(sums).some((n) => n !== 0))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, delta]) => delta);
}

/** Beginning of the interval that the time lies in. */
export function bucketOf(ms: number, intervalMs: number): number {
  return Math.floor(ms / intervalMs) * intervalMs;
}

export const hourMs = 3_600_000;
