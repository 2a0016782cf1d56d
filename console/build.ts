/**
 * Builds console/dist when it is missing or older than its sources, and says nothing when it is fresh. What it is made from is
 * told by a hash, not by times: a checkout touches files without changing them.
 */
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = import.meta.dirname;
const dist = join(here, "dist");
const stamp = join(dist, ".stamp");

/** All that can change a byte of the result; the lock file stands for the libraries. */
const sources = [
  "src/**/*",
  "public/**/*",
  "index.html",
  "vite.config.ts",
  "../packages/events/src/reasons.ts",
  "../package-lock.json",
];

export async function buildConsole(log: (line: string) => void): Promise<void> {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  log("building the console …");
  const { build } = await import("vite");
  // Beside the old one, which is served until the new one is whole: two commands may build at the same time.
  const fresh = join(here, `dist-${process.pid}`);
  try {
    await build({
      configFile: join(here, "vite.config.ts"),
      logLevel: "warn",
      build: { outDir: fresh, emptyOutDir: true },
    });
    writeFileSync(join(fresh, ".stamp"), wanted);
    rmSync(dist, { recursive: true, force: true });
    renameSync(fresh, dist);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Tests are no part of what is served. */
function fingerprint(): string {
  const hash = createHash("sha256");
  const files = globSync(sources, { cwd: here, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files)
    hash.update(relative(here, file)).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildConsole((line) => console.error(line));
