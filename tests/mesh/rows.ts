/** A tenant's rows behind the services' APIs, seen from the database itself. */
import postgres from "postgres";
import { mesh } from "./fixture.ts";

/** Schemas whose services have an API of their own. */
const schemas = ["control", "ingest", "webhooks", "projection"];

type Table = { schema: string; name: string; tenantColumn: string };

export type Rows = {
  /** What the tenant has, with the version of each: a change by whomever shows. */
  standing(tenant: string): Promise<string[]>;
  /** Tables that show rows of `owner` to a transaction of `as`, made by the service's own role. */
  shownTo(as: string, owner: string, options?: { withoutProtection?: boolean }): Promise<string[]>;
  close(): Promise<void>;
};

export async function openRows(): Promise<Rows> {
  const sql = postgres(mesh().postgresUrl, { max: 1, onnotice: () => {} });
  const tables = await sql<Table[]>`
    select n.nspname as schema, c.relname as name,
      case when n.nspname = 'control' and c.relname = 'tenant' then 'id' else 'tenant' end as "tenantColumn"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any(${schemas}) and c.relkind in ('r', 'p') and not c.relispartition
      and ((n.nspname = 'control' and c.relname = 'tenant')
        or exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant' and not a.attisdropped))
    order by 1, 2`;
  const [place] = await sql<{ database: string }[]>`select current_database() as database`;
  const { database } = place!;
  const columns = async (table: Table) =>
    (
      await sql<{ name: string }[]>`
        select column_name as name from information_schema.columns
        where table_schema = ${table.schema} and table_name = ${table.name}`
    ).map(({ name }) => name);

  return {
    async standing(tenant) {
      const found: string[] = [];
      for (const table of tables) {
        if (table.schema === "projection" || !(await columns(table)).includes("version")) continue;
        const rows = await sql<{ row: string }[]>`
          select coalesce(to_jsonb(t) ->> 'id', to_jsonb(t) ->> 'session', '') || ' version ' || version as row
          from ${sql(table.schema)}.${sql(table.name)} t where ${sql(table.tenantColumn)} = ${tenant} order by 1`;
        found.push(...rows.map(({ row }) => `${table.schema}.${table.name} ${row}`));
      }
      return found;
    },
    async shownTo(as, owner, { withoutProtection = false } = {}) {
      const shown: string[] = [];
      for (const { schema, name, tenantColumn } of tables) {
        const undone = new Error("rolled back");
        await sql
          .begin(async (tx) => {
            if (withoutProtection) await tx`alter table ${tx(schema)}.${tx(name)} disable row level security`;
            await tx`select set_config('app.tenants', ${as}, true)`;
            await tx`set local role ${tx(`${database}_${schema}_app`)}`;
            const [row] = await tx<{ count: number }[]>`
              select count(*)::int as count from ${tx(schema)}.${tx(name)} where ${tx(tenantColumn)} = ${owner}`;
            if (row!.count > 0) shown.push(`${schema}.${name}`);
            throw undone;
          })
          .catch((error: unknown) => {
            if (error !== undone) throw error;
          });
      }
      return shown;
    },
    close: () => sql.end(),
  };
}
