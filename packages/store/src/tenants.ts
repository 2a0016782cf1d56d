/**
 * Tenant context: row-level security shows a transaction only the rows of the tenants it names. Tables are put under it in
 * their migration by `select protect_tenants('table')`. It is a net below the queries, not their filter: they still name
 * the tenant in `where`, or no index is used.
 */
import type { Queryable, Sql, Tx } from "./connect.ts";
import { tenantSetting } from "./tenant-setting.ts";

/**
 * Runs `work` in a transaction that sees and writes rows of these tenants only. "all" is for a service's own workers and
 * never for a request. Without this function a protected table looks empty and refuses inserts.
 */
export async function withTenants<Result>(
  sql: Sql,
  tenants: readonly string[] | "all",
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  const setting = tenantSetting(tenants);
  return (await sql.begin(async (tx) => {
    // Sent before the first statement of `work`, and not awaited alone: that would be a round trip of its own.
    const named = tx`select set_config('app.tenants', ${setting}, true)`.execute();
    const [result] = await Promise.all([work(tx), named]);
    return result;
  })) as Result;
}

/** Tables of the schema that have a tenant column but are not (or not fully) protected. For tests: it should be empty. */
export async function unprotectedTables(sql: Queryable, schema: string): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select c.relname as name from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant' and not a.attisdropped
    where n.nspname = ${schema} and c.relkind in ('r', 'p') and not c.relispartition
      and not (c.relrowsecurity and c.relforcerowsecurity
        and exists (select 1 from pg_policy p where p.polrelid = c.oid))
    order by c.relname`;
  return rows.map((row) => row.name);
}
