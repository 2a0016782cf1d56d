/** The provider's list of templates against what is known here. Pure. */
import type { ProviderTemplate } from "@wamesh/providers";
import { type State, stateOf, type Task } from "./life.ts";

export type Listed = {
  id: string;
  name: string;
  language: string;
  state: State;
  task: Task | null;
  /** Null: the provider never took it. */
  provider_id: string | null;
  version: number;
};

export type Difference<Row extends Listed> = {
  unknown: ProviderTemplate[];
  both: { row: Row; theirs: ProviderTemplate }[];
  /** Known here, and no longer there. */
  gone: Row[];
};

/**
 * `versions`: those the rows had before the list was asked for. What changed since, or is still to be told to the provider,
 * is left to the next time: the list may be older than it.
 */
export function compare<Row extends Listed>(
  rows: readonly Row[],
  theirs: readonly ProviderTemplate[],
  versions: ReadonlyMap<string, number>,
): Difference<Row> {
  const place = (one: { name: string; language: string }) => `${one.name}|${one.language}`;
  const known = new Map(rows.map((row) => [place(row), row]));
  const there = new Map(theirs.map((one) => [place(one), one]));
  const isSettled = (row: Row) => row.task === null && versions.get(row.id) === row.version;
  const difference: Difference<Row> = { unknown: [], both: [], gone: [] };
  for (const [at, one] of there) {
    const row = known.get(at);
    if (row !== undefined && !isSettled(row)) continue;
    if (row === undefined || row.state === "deleted") {
      if (stateOf(one.status) !== "deleted") difference.unknown.push(one);
    } else difference.both.push({ row, theirs: one });
  }
  for (const row of rows)
    if (!there.has(place(row)) && row.provider_id !== null && row.state !== "deleted" && isSettled(row))
      difference.gone.push(row);
  return difference;
}
