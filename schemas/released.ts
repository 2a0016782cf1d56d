/**
 * The gate between releases: `released.json` holds what the last release and its readers rely on, and a test holds the files against it.
 * `node schemas/released.ts <version>` writes it anew, when a release is made; what was released and has changed since is refused.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { CatalogueTopic } from "./contracts.ts";
import { records, root, versionsOf } from "./read.ts";

/** `schemas`, `migrations`: file -> SHA-256 of its bytes. `topics`: name -> what can't change without a new topic. */
export type Released = {
  release: string | null;
  schemas: Record<string, string>;
  topics: Record<string, Pick<CatalogueTopic, "record" | "key" | "partitions" | "policy">>;
  migrations: Record<string, string>;
};

/** `services/ingest/migrations/0001_rules.sql` and the like, in order. */
export function migrationFiles(): string[] {
  return ["packages", "services"].flatMap((room) =>
    readdirSync(`${root}../${room}`)
      .map((name) => `${room}/${name}/migrations`)
      .filter((folder) => existsSync(`${root}../${folder}`))
      .flatMap((folder) =>
        readdirSync(`${root}../${folder}`)
          .filter((name) => name.endsWith(".sql"))
          .map((name) => `${folder}/${name}`)
          .sort(),
      ),
  );
}

function hashOf(path: string): string {
  return createHash("sha256")
    .update(readFileSync(root + path))
    .digest("hex");
}

export function readReleased(): Released {
  return JSON.parse(readFileSync(`${root}released.json`, "utf8"));
}

export function asItStands(release: string | null): Released {
  const files = records().flatMap((record) => versionsOf(record).map((v) => `${record}/v${v}.avsc`));
  const { topics } = JSON.parse(readFileSync(`${root}topics.json`, "utf8")) as { topics: CatalogueTopic[] };
  return {
    release,
    schemas: Object.fromEntries(files.map((file) => [file, hashOf(file)])),
    topics: Object.fromEntries(
      topics.map(({ name, record, key, partitions, policy }) => [name, { record, key, partitions, policy }]),
    ),
    migrations: Object.fromEntries(migrationFiles().map((file) => [file, hashOf(`../${file}`)])),
  };
}

/** What was released and is no longer so, each with the remedy. More than was released is no matter. */
export function broken(released: Released, now: Released): string[] {
  const files = Object.entries(released.schemas).filter(([file, hash]) => now.schemas[file] !== hash);
  const migrations = Object.entries(released.migrations).filter(
    ([file, hash]) => now.migrations[file] !== hash,
  );
  const topics = Object.entries(released.topics).filter(
    ([name, topic]) => JSON.stringify(now.topics[name]) !== JSON.stringify(topic),
  );
  return [
    ...files.map(
      ([file]) => `schemas/${file} is of release ${released.release}: put it back and add the next version`,
    ),
    ...migrations.map(
      ([file]) => `${file} is of release ${released.release}: put it back and add the next number`,
    ),
    ...topics.map(
      ([name]) =>
        `${name} is of release ${released.release}: put it back and add a topic with the next number`,
    ),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const release = process.argv[2];
  if (release === undefined) throw new Error("which release? node schemas/released.ts 1.2.3");
  const now = asItStands(release);
  const problems = broken(readReleased(), now);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  writeFileSync(`${root}released.json`, `${JSON.stringify(now, null, 2)}\n`);
}
