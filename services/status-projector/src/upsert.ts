/** SQL of a view: the join of view.ts as one `insert … on conflict do update` over a JSON array of rows. */
import type { Tx } from "@wamesh/store";
import type { Change } from "./tally.ts";
import { type ColumnType, keyColumns, type Row, type Value, type View } from "./view.ts";

/** How many rows of a tenant went from one counted name to another; null is "no row yet". */
export type Moved = { tenant: string; was: string | null; became: string | null; n: number };

const sqlTypes: Record<ColumnType, string> = {
  id: "text",
  text: "text",
  uuid: "uuid",
  integer: "integer",
  bigint: "bigint",
  double: "double precision",
  time: "timestamptz",
  boolean: "boolean",
  "text[]": "text[]",
};

const statements = new Map<View, string>();

/** What joining rows into a table changed; `changes` only for a view with tallies. */
export type Upserted = { moved: readonly Moved[]; changes: readonly Change[] };

/** Joins rows into the table; `rows` have distinct keys. */
export async function upsert(tx: Tx, view: View, rows: readonly Row[]): Promise<Upserted> {
  if (rows.length === 0) return { moved: [], changes: [] };
  let statement = statements.get(view);
  if (statement === undefined) {
    statement = upsertText(view);
    statements.set(view, statement);
  }
  const given = [JSON.stringify(rows.map((row) => storable(view, row)))];
  if (view.tallies === undefined)
    return { moved: await tx.unsafe<Moved[]>(statement, given, { prepare: true }), changes: [] };
  const columns = talliedColumns(view);
  const changed = await tx.unsafe(statement, given, { prepare: true }).values();
  const changes = changed.map(([had, ...values]): Change => {
    const was = had === true ? rowOf(columns, values) : null;
    return { was, became: rowOf(columns, values.slice(columns.length)) };
  });
  return { moved: movesOf(view, changes), changes };
}

/** What a tally of the view looks at, the tenant first. */
export function talliedColumns(view: View): string[] {
  const counted = view.counts !== undefined && "column" in view.counts ? [view.counts.column] : [];
  return [...new Set(["tenant", ...counted, ...(view.tallies ?? []).flatMap(({ reads }) => reads)])];
}

function rowOf(columns: readonly string[], values: readonly unknown[]): Row {
  const row: Record<string, Value> = {};
  for (const [i, name] of columns.entries()) {
    const value = values[i];
    row[name] = value instanceof Date ? value.getTime() : (value as Value);
  }
  return row;
}

function movesOf({ counts }: View, changes: readonly Change[]): Moved[] {
  if (counts === undefined || !("column" in counts)) return [];
  return changes
    .map(({ was, became }) => ({
      tenant: became.tenant as string,
      was: (was?.[counts.column] ?? null) as string | null,
      became: (became[counts.column] ?? null) as string | null,
      n: 1,
    }))
    .filter((move) => move.was !== move.became);
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
  if (view.tallies !== undefined) {
    const columns = talliedColumns(view);
    const [was, became] = ["old", "new"].map((row) => columns.map((column) => `${row}.${column}`).join(", "));
    const names = [...columns.map((column) => `was_${column}`), ...columns].join(", ");
    return `with changed (had, ${names}) as (${insert}
  returning old.${key[0]} is not null, ${was}, ${became})
select * from changed
where not had or (${columns.map((column) => `was_${column}`).join(", ")}) is distinct from (${columns.join(", ")})`;
  }
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
