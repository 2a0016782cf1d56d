/** A database per test file: the migrations run once per content, into a template; each test file gets a clone of it. */
import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { migrate, release, schemaRoles, urlAs } from "@wamesh/store";
import postgres from "postgres";
import { stack } from "./stack.ts";

export type Migrations = readonly { schema: string; dirs: readonly string[] }[];

export type FreshDatabase = {
  /** URL of the stack's own role, which may do everything and sees past row-level security. */
  url: string;
  /** URL with which the service of this schema connects. */
  appUrl(schema: string): string;
  /** For `afterAll`. Ends what is still connected. */
  drop(): Promise<void>;
};

/** Not a secret: the template's roles exist on test servers only. */
const appPassword = "test";
const ownMigrations = join(import.meta.dirname, "../../store/migrations");

/**
 * `dirs` are absolute. A service's test asks for its own schema:
 * `await freshDatabase({ migrations: [{ schema: "ingest", dirs: [join(import.meta.dirname, "../migrations")] }] })`.
 */
export async function freshDatabase(options: { migrations?: Migrations } = {}): Promise<FreshDatabase> {
  const { postgresUrl } = stack();
  const migrations = options.migrations ?? [];
  const template = `wamesh_template_${contentHash(migrations)}`;
  const name = `wamesh_test_${randomBytes(6).toString("hex")}`;
  await asAdmin(postgresUrl, async (admin) => {
    // Test files run in parallel: the first makes the template, the others wait for it.
    await admin`select pg_advisory_lock(hashtextextended(${template}, 0))`;
    await ensureTemplate(admin, withDatabase(postgresUrl, template), template, migrations);
    await admin`select pg_advisory_unlock(hashtextextended(${template}, 0))`;
    await admin`create database ${admin(name)} template ${admin(template)}`;
  });
  return {
    url: withDatabase(postgresUrl, name),
    appUrl: (schema) =>
      // Grants are cloned with the tables, so the roles are the template's.
      urlAs(withDatabase(postgresUrl, name), schemaRoles(template, schema).app, appPassword),
    drop: () =>
      asAdmin(postgresUrl, async (admin) => {
        await admin`drop database if exists ${admin(name)} with (force)`;
        // Roles outlive a database; those of a test that migrated this one itself bear its name.
        const roles = await admin<{ rolname: string }[]>`
          select rolname from pg_roles where starts_with(rolname, ${`${name}_`})`;
        for (const { rolname } of roles) await admin`drop role ${admin(rolname)}`;
      }),
  };
}

async function ensureTemplate(
  admin: postgres.Sql,
  url: string,
  template: string,
  migrations: Migrations,
): Promise<void> {
  const [found] = await admin<{ datistemplate: boolean }[]>`
    select datistemplate from pg_database where datname = ${template}`;
  if (found?.datistemplate) return;
  // Half-made by a run that was killed.
  if (found) await admin`drop database ${admin(template)} with (force)`;
  await admin`create database ${admin(template)}`;
  for (const { schema, dirs } of migrations) await migrate({ url, schema, dirs, appPassword, log: () => {} });
  await admin`alter database ${admin(template)} is_template true`;
}

/** Of all that makes the template's content, so that a changed migration or another release gets a new one. */
function contentHash(migrations: Migrations): string {
  const hash = createHash("sha256").update(JSON.stringify(release));
  for (const { schema, dirs } of migrations) {
    hash.update(JSON.stringify(["schema", schema]));
    for (const dir of [ownMigrations, ...dirs])
      for (const file of readdirSync(dir).sort())
        hash.update(JSON.stringify([dir, file, readFileSync(join(dir, file), "utf8")]));
  }
  return hash.digest("hex").slice(0, 16);
}

async function asAdmin(url: string, work: (sql: postgres.Sql) => Promise<void>): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
