/** SQL of a view: the join of view.ts as one `insert … on conflict do update` over a JSON array of rows. */
import type { Tx } from "@wamesh/store";
import { type ColumnType, keyColumns, type Row, type Value, type View } from "./view.ts";

/** How many rows of a tenant went from one counted name to another; null is "no row yet". */
export type Moved = { tenant: string; was: string | null; became: string | null; n: number };

const sqlTypes: Record<ColumnType, string> = {
  id: "text",
  text: "text",
  uuid: "uuid",
  integer: "integer",
  bigint: "bigint",
  time: "timestamptz",
  boolean: "boolean",
  "text[]": "text[]",
};

const statements = new Map<View, string>();

/** Joins rows into the table; `rows` have distinct keys. Returns what this moved in the counters. */
export async function upsert(tx: Tx, view: View, rows: readonly Row[]): Promise<Moved[]> {
  if (rows.length === 0) return [];
  let statement = statements.get(view);
  if (statement === undefined) {
    statement = upsertText(view);
    statements.set(view, statement);
  }
  return await tx.unsafe<Moved[]>(statement, [JSON.stringify(rows.map((row) => storable(view, row)))], {
    prepare: true,
  });
}

/**
 * Rows are taken in the order of their key: two transactions that touch the same rows wait for each other instead of
 * deadlocking. `old` and `new` in `returning` need Postgres 18.
 */
export function upsertText(view: View): string {
  const names = Object.keys(view.columns);
  const key = keyColumns(view);
  const list = names.join(", ");
  const record = names.map((name) => `${name} ${sqlTypes[view.columns[name]![0]]}`).join(", ");
  const set = names
    .filter((name) => !key.includes(name))
    .map((name) => `${name} = ${joined(view, name)}`)
    .join(",\n    ");
  const insert = `insert into ${view.table} as t (${list})
  select ${list} from json_to_recordset($1::text::json) as r(${record})
  order by ${key.join(", ")}
  on conflict (${key.join(", ")}) do update set
    ${set}`;
  const { counts } = view;
  if (counts === undefined) return insert;
  const name = (row: "old" | "new") =>
    "column" in counts
      ? `${row}.${counts.column}`
      : `case when ${row}.${key[0]} is not null then '${counts.as}' end`;
  return `with changed as (${insert}
  returning new.tenant, ${name("old")} as was, ${name("new")} as became)
select tenant, was, became, count(*)::integer as n from changed
where was is distinct from became group by tenant, was, became`;
}

function joined(view: View, name: string): string {
  const [, keep] = view.columns[name]!;
  // Both ignore nulls, as the pure join does.
  if (keep === "least" || keep === "greatest") return `${keep}(t.${name}, excluded.${name})`;
  const order = view.registers[keep.slice("with ".length)]!;
  const tuple = (row: string) => `(${order.map((column) => `${row}.${column}`).join(", ")})`;
  const later = `t.${order[0]} is null or ${tuple("excluded")} > ${tuple("t")}`;
  return `case when excluded.${order[0]} is not null and (${later}) then excluded.${name} else t.${name} end`;
}

function storable(view: View, row: Row): Record<string, Value> {
  const stored: Record<string, Value> = {};
  for (const name in view.columns) {
    const value = row[name] ?? null;
    if (value === null) continue;
    if (view.columns[name]![0] === "time") stored[name] = new Date(value as number).toISOString();
    // Postgres' text has neither U+0000 nor halves of surrogate pairs.
    else if (typeof value === "string") stored[name] = value.toWellFormed().replaceAll("\0", "\ufffd");
    else stored[name] = value;
  }
  return stored;
}
