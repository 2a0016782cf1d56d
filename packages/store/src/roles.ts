/** A schema and its three roles: one owns it, one reads and writes as the service, one only reads. */
import type { Queryable } from "./connect.ts";

export type SchemaRoles = {
  /** Owns the tables; can't log in. */
  migrate: string;
  /** The service's login: select, insert, update, delete. Not the owner, so row-level security applies to it. */
  app: string;
  /** Select only, for people and reports; can't log in, is granted to who may. */
  read: string;
};

/** Roles belong to the whole server, so their names begin with the database's: two meshes on one server stay apart. */
export function schemaRoles(database: string, schema: string): SchemaRoles {
  const name = (role: string) => `${database}_${schema}_${role}`;
  return { migrate: name("migrate"), app: name("app"), read: name("read") };
}

/** Creates what is missing and sets the app role's password. Idempotent; the caller holds the migration lock. */
export async function ensureSchema(
  sql: Queryable,
  schema: string,
  roles: SchemaRoles,
  appPassword: string,
): Promise<void> {
  const existing = await sql<{ rolname: string }[]>`
    select rolname from pg_roles where rolname = any(${Object.values(roles)})`;
  for (const role of Object.values(roles))
    if (!existing.some((row) => row.rolname === role)) await run(sql, "create role %I nologin", role);
  await run(sql, "alter role %I login password %L", roles.app, appPassword);
  // Not implied for a deploying role that is no superuser.
  await run(sql, "grant %I to current_user", roles.migrate);
  await run(sql, "create schema if not exists %I authorization %I", schema, roles.migrate);
  await run(sql, "grant usage on schema %I to %I, %I", schema, roles.app, roles.read);
  await run(
    sql,
    `create table if not exists %I.migration (
      source text, name text, checksum text not null, applied_at timestamptz not null default clock_timestamp(),
      primary key (source, name))`,
    schema,
  );
  await run(
    sql,
    `create table if not exists %I.release (
      version text primary key, previous text, deployed_at timestamptz not null default clock_timestamp())`,
    schema,
  );
  await run(sql, "grant select on %I.release to %I, %I", schema, roles.app, roles.read);
  const defaults = "alter default privileges for role %I in schema %I grant";
  await run(
    sql,
    `${defaults} select, insert, update, delete on tables to %I`,
    roles.migrate,
    schema,
    roles.app,
  );
  await run(sql, `${defaults} usage, select on sequences to %I`, roles.migrate, schema, roles.app);
  await run(sql, `${defaults} select on tables to %I`, roles.migrate, schema, roles.read);
}

/** A utility statement takes no parameters: Postgres' own `format` quotes names (%I) and literals (%L). */
async function run(sql: Queryable, pattern: string, ...values: string[]): Promise<void> {
  const [row] = await sql<
    { text: string }[]
  >`select format(${pattern}::text, variadic ${values}::text[]) as text`;
  await sql.unsafe(row!.text);
}
