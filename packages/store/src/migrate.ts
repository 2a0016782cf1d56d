/** Migrations: plain SQL files, forward only, one transaction each, under a lock, their checksums remembered. */
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import type { Queryable, Sql } from "./connect.ts";
import { type AppliedMigration, checksum, type MigrationFile, planMigrations } from "./migration-plan.ts";
import { deployRefusal, type Release, release } from "./release.ts";
import { ensureSchema, schemaRoles } from "./roles.ts";
import { noteRelease, storedRelease } from "./stored-release.ts";
import { tlsOf } from "./tls.ts";

const ownMigrations = fileURLToPath(new URL("../migrations", import.meta.url));

export type MigrateOptions = {
  /** URL of a role that may create roles and schemas in this database. */
  url: string;
  /** Authorities of the server's certificate, PEM; default the system's. */
  ca?: string;
  schema: string;
  /**
   * Folders of `0001_what.sql` files, applied in this order after this package's own. Each is remembered by the name of the
   * folder around it (`services/ingest/migrations` is `ingest`). A missing folder is an empty one.
   */
  dirs: readonly string[];
  /** Password of the role `<database>_<schema>_app`, which is created. */
  appPassword: string;
  /** What the database is told that it was migrated by; default this release. */
  release?: Release;
  log: (line: string) => void;
};

/**
 * Brings one schema up to date and returns the URL with which its service connects. Idempotent, safe to run concurrently. One that a
 * later release migrated keeps what that release added. Throws when this release may not run beside it.
 */
export async function migrate(options: MigrateOptions): Promise<{ appUrl: string; applied: string[] }> {
  const ssl = tlsOf(options.url, options.ca);
  const sql = postgres(options.url, {
    max: 1,
    ...(ssl && { ssl }),
    onnotice: () => {},
    connection: { application_name: "wamesh-migrate" },
  }) as Sql;
  try {
    const [row] = await sql<{ name: string }[]>`select current_database() as name`;
    const roles = schemaRoles(row!.name, options.schema);
    // One connection, so the session's lock covers all that follows; it ends with the connection.
    await sql`select pg_advisory_lock(hashtextextended('wamesh migrate', 0))`;
    const mine = options.release ?? release;
    const refusal = deployRefusal(mine, await storedRelease(sql, options.schema));
    if (refusal !== null) throw new Error(refusal);
    await ensureSchema(sql, options.schema, roles, options.appPassword);
    const applied: string[] = [];
    for (const dir of [ownMigrations, ...options.dirs])
      applied.push(...(await applyFolder(sql, options, dir, roles.migrate)));
    // Last: a service of this release may start when all of it is there.
    await noteRelease(sql, options.schema, mine);
    return { appUrl: urlAs(options.url, roles.app, options.appPassword), applied };
  } finally {
    await sql.end();
  }
}

/**
 * `source/0001_what.sql` of all that `migrate` would apply now. Throws when history was changed. `sql` is of a role that may read
 * the schema's list of migrations, which a service may not.
 */
export async function dueMigrations(
  sql: Queryable,
  options: Pick<MigrateOptions, "schema" | "dirs">,
): Promise<string[]> {
  const due: string[] = [];
  const [list] = await sql<{ there: boolean }[]>`
    select to_regclass(format('%I.migration', ${options.schema}::text)) is not null as there`;
  for (const dir of [ownMigrations, ...options.dirs]) {
    const source = sourceOf(dir);
    const applied = list?.there ? await appliedFrom(sql, options.schema, source) : [];
    const files = planMigrations(source, await readFolder(dir), applied);
    due.push(...files.map(({ name }) => `${source}/${name}`));
  }
  return due;
}

function sourceOf(dir: string): string {
  return basename(dirname(resolve(dir)));
}

function appliedFrom(sql: Queryable, schema: string, source: string): Promise<AppliedMigration[]> {
  return sql<AppliedMigration[]>`
    select name, checksum from ${sql(schema)}.migration where source = ${source}`;
}

async function applyFolder(sql: Sql, options: MigrateOptions, dir: string, owner: string): Promise<string[]> {
  const { schema } = options;
  const source = sourceOf(dir);
  const due = planMigrations(source, await readFolder(dir), await appliedFrom(sql, schema, source));
  for (const file of due) {
    try {
      await sql.begin(async (tx) => {
        // Waiting long for a table lock would make every query of the running service queue up behind the migration.
        await tx.unsafe("set local lock_timeout = '10s'");
        await tx`set local search_path to ${tx(schema)}`;
        // FORCE binds the owner too, and a migration of data means all tenants.
        await tx.unsafe("set local app.tenants = '*'");
        await tx`set local role ${tx(owner)}`;
        await tx.unsafe(file.text).simple();
        await tx.unsafe("reset role");
        await tx`insert into ${tx(schema)}.migration (source, name, checksum)
          values (${source}, ${file.name}, ${checksum(file.text)})`;
      });
    } catch (error) {
      throw new Error(`migration ${source}/${file.name} failed, nothing of it was kept: ${String(error)}`, {
        cause: error,
      });
    }
    options.log(`migrated ${schema}: ${source}/${file.name}`);
  }
  return due.map((file) => `${source}/${file.name}`);
}

async function readFolder(dir: string): Promise<MigrationFile[]> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return Promise.all(
    names
      .filter((name) => name.endsWith(".sql"))
      .map(async (name) => ({ name, text: await readFile(join(dir, name), "utf8") })),
  );
}

/** The same server and database for another user. */
export function urlAs(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = encodeURIComponent(user);
  changed.password = encodeURIComponent(password);
  return changed.href;
}
