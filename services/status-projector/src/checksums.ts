/** Two numbers per table that are equal where the rows are: how many, and a sum of their hashes, whatever their order. */
import type { Queryable } from "@wamesh/store";
import { views } from "./project.ts";
import type { Tally } from "./tally.ts";

export type Checksum = { table: string; rows: number; sum: string };

export const tallies: readonly Tally[] = views.flatMap((view) => view.tallies ?? []);

/** All that the fold fills, with which of its rows count: a sum that came back to zero is as good as none. */
export const foldedTables: readonly { table: string; where: string }[] = [
  ...views.map(({ table }) => ({ table, where: "true" })),
  ...tallies.map(({ table, sums }) => ({ table, where: sums.map((sum) => `${sum} <> 0`).join(" or ") })),
  { table: "tenant_counter", where: "value <> 0" },
];

/** Of the schema; in a context that sees the rows of all tenants. */
export async function checksumsOf(sql: Queryable, schema: string): Promise<Checksum[]> {
  const sums: Checksum[] = [];
  for (const { table, where } of foldedTables) {
    const [row] = await sql.unsafe<{ rows: string; sum: string }[]>(
      // Two seeds: a pair of rows that collides under one does not under the other.
      `select count(*)::text as rows,
         coalesce(sum(hashtextextended(t::text, 1)), 0)::text || '.' || coalesce(sum(hashtextextended(t::text, 2)), 0) as sum
       from "${schema}".${table} t where ${where}`,
    );
    sums.push({ table, rows: Number(row!.rows), sum: row!.sum });
  }
  return sums;
}
