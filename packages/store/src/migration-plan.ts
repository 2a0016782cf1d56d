/** Which migration files are still to be applied, decided from what the database remembers. Pure. */
import { createHash } from "node:crypto";

export type MigrationFile = { name: string; text: string };
export type AppliedMigration = { name: string; checksum: string };

const fileName = /^\d{4}_[a-z0-9_]+\.sql$/;

export function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * The files of one folder that come next, in order. Throws when history was changed: an applied file edited, removed, or a
 * new one squeezed in before it. Applied files *after* our last are those of a newer release beside which this one runs.
 */
export function planMigrations(
  source: string,
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
): MigrationFile[] {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name } of sorted)
    if (!fileName.test(name)) throw new Error(`${source}/${name}: migrations are named like 0001_what.sql`);
  for (const [index, { name }] of sorted.entries())
    if (sorted[index + 1]?.name.startsWith(name.slice(0, 5)))
      throw new Error(`${source}: two migrations have the number ${name.slice(0, 4)}`);

  const known = new Map(applied.map((migration) => [migration.name, migration.checksum]));
  const names = new Set(sorted.map((file) => file.name));
  const lastFile = sorted.at(-1)?.name ?? "";
  const lastApplied = [...known.keys()].sort().at(-1) ?? "";
  for (const name of known.keys())
    if (!names.has(name) && name < lastFile)
      throw new Error(`${source}/${name} was applied to this database but is missing here`);
  return sorted.filter(({ name, text }) => {
    const before = known.get(name);
    if (before === undefined) {
      if (name < lastApplied)
        throw new Error(
          `${source}/${name} comes before ${lastApplied}, which was already applied; number it after`,
        );
      return true;
    }
    if (before !== checksum(text))
      throw new Error(
        `${source}/${name} was changed after it was applied; undo that and add a new migration`,
      );
    return false;
  });
}
