/** SQL of a tally: its deltas as one `insert … on conflict do update` that adds. */
import type { Tx } from "@wamesh/store";
import type { Delta, Tally } from "./tally.ts";

const statements = new Map<Tally, string>();

/** `deltas` have distinct keys and come in the order in which rows are locked, so that transactions don't deadlock. */
export async function addToTally(tx: Tx, tally: Tally, deltas: readonly Delta[]): Promise<void> {
  if (deltas.length === 0) return;
  let statement = statements.get(tally);
  if (statement === undefined) {
    statement = statementOf(tally);
    statements.set(tally, statement);
  }
  await tx.unsafe(statement, [JSON.stringify(deltas.map((delta) => recordOf(tally, delta)))], {
    prepare: true,
  });
}

function statementOf({ table, key, sums }: Tally): string {
  const names = Object.keys(key);
  const list = [...names, ...sums].join(", ");
  const record = [
    ...names.map((name) => `${name} ${key[name] === "time" ? "timestamptz" : "text"}`),
    ...sums.map((sum) => `${sum} bigint`),
  ].join(", ");
  return `insert into ${table} as t (${list})
  select ${list} from json_to_recordset($1::text::json) as r(${record})
  on conflict (${names.join(", ")}) do update set
    ${sums.map((sum) => `${sum} = t.${sum} + excluded.${sum}`).join(", ")}`;
}

function recordOf({ key, sums }: Tally, delta: Delta): Record<string, string | number> {
  const record: Record<string, string | number> = {};
  for (const [i, name] of Object.keys(key).entries()) {
    const value = delta.key[i]!;
    record[name] = key[name] === "time" ? new Date(value).toISOString() : value;
  }
  for (const sum of sums) record[sum] = delta.sums[sum] ?? 0;
  return record;
}
