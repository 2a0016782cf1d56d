/**
 * A base backup of the embedded Postgres while it is written to, as pg_basebackup makes it (its programs are not part of the embedded
 * one), and the way back. Files keep their owner.
 */
import { execFile } from "node:child_process";
import { chown, realpath, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";

const run = promisify(execFile);

/** Of a mesh whose stack lies in `dataDir`. */
export async function postgresData(dataDir: string): Promise<string> {
  return join(await realpath(join(dataDir, "stack", "postgres")), "data");
}

export async function takeBaseBackup(of: { url: string; data: string; to: string }): Promise<void> {
  const { data, to } = of;
  await rm(to, { recursive: true, force: true });
  // The backup belongs to the session that began it.
  const sql = postgres(of.url, { max: 1, onnotice: () => {} });
  try {
    await sql`select pg_backup_start('drill', fast => true)`;
    await copy(data, to);
    const [ended] = await sql<{ labelfile: string }[]>`
      select labelfile from pg_backup_stop(wait_for_archive => false)`;
    for (const name of ["postmaster.pid", "postmaster.opts", "pg_wal"])
      await rm(join(to, name), { recursive: true, force: true });
    // All of the log that a start from this copy needs has been written by now.
    await copy(join(data, "pg_wal"), join(to, "pg_wal"));
    const label = join(to, "backup_label");
    await writeFile(label, ended!.labelfile);
    const { uid, gid } = await stat(join(data, "PG_VERSION"));
    await chown(label, uid, gid);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** The server must be down. */
export async function putBack({ data, from }: { data: string; from: string }): Promise<void> {
  await rm(data, { recursive: true, force: true });
  await copy(from, data);
}

async function copy(from: string, to: string): Promise<void> {
  await run("cp", ["-a", from, to]).catch((error: Error & { stderr?: string }) => {
    // Files come and go while they are copied; the log has what matters.
    const others = (error.stderr ?? "")
      .split("\n")
      .filter((line) => line !== "" && !/No such file/.test(line));
    if (others.length > 0) throw error;
  });
}
