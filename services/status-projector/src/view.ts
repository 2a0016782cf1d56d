/**
 * A view is a table plus the way two rows of the same key become one. Each column joins on its own, or together with others
 * as a register; every join is commutative, associative and idempotent, so records may come in any order, twice, and cut into
 * any batches, and the rows come out the same. No clock. Pure; `upsert.ts` makes the same join in SQL from the same columns.
 */

import type { Tally } from "./tally.ts";

/** `id`: text that is indexed, so it has to be short. `time`: epoch ms here, timestamptz in the table. */
export type ColumnType =
  | "id"
  | "text"
  | "uuid"
  | "integer"
  | "bigint"
  | "double"
  | "time"
  | "boolean"
  | "text[]";

/**
 * key: part of the primary key. least, greatest: of the values that are known (all known ones are normally equal, so this
 * fills gaps). "with r": belongs to the register r, whose columns are replaced together by the row with the greater order.
 */
export type Keep = "key" | "least" | "greatest" | `with ${string}`;

export type View = {
  table: string;
  columns: Readonly<Record<string, readonly [ColumnType, Keep]>>;
  /** Register → its columns that are compared, in this order. A row whose first one is null has nothing to say about it. */
  registers: Readonly<Record<string, readonly string[]>>;
  /** What its rows count as in tenant_counter: the value of a column (moving when it changes), or all under one name. */
  counts?: { column: string } | { as: string };
  /** Tables of sums over its rows. */
  tallies?: readonly Tally[];
};

export type Value = string | number | boolean | readonly string[] | null;
/** Absent columns are null: not known. */
export type Row = Readonly<Record<string, Value>>;

/** A row on its way to its view. */
export type Entry = { view: View; row: Row };

export function keyColumns(view: View): string[] {
  return Object.keys(view.columns).filter((name) => view.columns[name]![1] === "key");
}

/** One row per key, joined, in no particular order. */
export function joinRows(view: View, rows: readonly Row[]): Row[] {
  const key = keyColumns(view);
  const joined = new Map<string, Row>();
  for (const row of rows) {
    const id = JSON.stringify(key.map((name) => row[name]));
    const before = joined.get(id);
    joined.set(id, before === undefined ? row : join(view, before, row));
  }
  return [...joined.values()];
}

/** Two rows of the same key as one. */
export function join(view: View, a: Row, b: Row): Row {
  const later: Record<string, boolean> = {};
  for (const [register, order] of Object.entries(view.registers)) later[register] = isLater(b, a, order);
  const row: Record<string, Value> = {};
  for (const [name, [, keep]] of Object.entries(view.columns)) {
    const [x, y] = [a[name] ?? null, b[name] ?? null];
    if (keep === "key") row[name] = x;
    else if (keep === "least") row[name] = x === null || (y !== null && compare(y, x) < 0) ? y : x;
    else if (keep === "greatest") row[name] = x === null || (y !== null && compare(y, x) > 0) ? y : x;
    else row[name] = later[keep.slice("with ".length)] ? y : x;
  }
  return row;
}

function isLater(b: Row, a: Row, order: readonly string[]): boolean {
  const first = order[0]!;
  if ((b[first] ?? null) === null) return false;
  if ((a[first] ?? null) === null) return true;
  for (const name of order) {
    const sign = compare(b[name] ?? null, a[name] ?? null);
    if (sign !== 0) return sign > 0;
  }
  return false;
}

/** Text by its UTF-8 bytes, as Postgres does under collation "C". */
function compare(a: Value, b: Value): number {
  if (typeof a === "string" && typeof b === "string")
    return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  throw new TypeError(`nothing to compare: ${String(a)}, ${String(b)}`);
}

/** A btree entry holds 2,704 bytes: a tenant and two such ids fit. */
const maxIdBytes = 1_300;
/** End of the year 9999: beyond it ISO 8601 needs a sign that Postgres does not read. */
const maxTimeMs = 253_402_300_799_999;
const maxInteger = 2 ** 31 - 1;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Why the table can't take the row, or null. One bad record must not hold up its partition. */
export function refusal(view: View, row: Row): string | null {
  for (const [name, [type, keep]] of Object.entries(view.columns)) {
    const value = row[name] ?? null;
    if (value === null) {
      if (keep === "key") return `${name} is missing`;
      continue;
    }
    if (!fits(type, value)) return `${name} is not usable as ${type}`;
  }
  return null;
}

function fits(type: ColumnType, value: Value): boolean {
  switch (type) {
    case "id":
      return typeof value === "string" && Buffer.byteLength(value) <= maxIdBytes && !value.includes("\0");
    case "text":
      return typeof value === "string";
    case "uuid":
      return typeof value === "string" && uuid.test(value);
    case "integer":
      return Number.isInteger(value) && Math.abs(value as number) <= maxInteger;
    case "bigint":
      return Number.isSafeInteger(value);
    case "double":
      return Number.isFinite(value);
    case "time":
      return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= maxTimeMs;
    case "boolean":
      return typeof value === "boolean";
    case "text[]":
      return Array.isArray(value);
  }
}
