/** Java with the jars that a POM names, fetched once by Maven. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

/** The class path. A sentence instead when this machine has no Java 17 with Maven. `pom`: path from the repository's root. */
export function javaPackages(pom: string): { classPath: string } | string {
  const version = /version "(\d+)/.exec(spawnSync("java", ["-version"], { encoding: "utf8" }).stderr ?? "");
  if (Number(version?.[1] ?? 0) < 17) return "there is no Java 17 on this machine";
  const file = join(repository, pom);
  const hash = createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 12);
  const cache = join(repository, ".wamesh/cache");
  const home = join(cache, `java-${hash}`);
  if (existsSync(home)) return { classPath: `${home}/*` };
  if (spawnSync("mvn", ["-v"]).status !== 0) return "there is no Maven on this machine";
  mkdirSync(cache, { recursive: true });
  const partial = mkdtempSync(`${home}.partial-`);
  const copy = ["--quiet", "--batch-mode", "--strict-checksums", "-f", file, "dependency:copy-dependencies"];
  const done = spawnSync("mvn", [...copy, `-DoutputDirectory=${partial}`], { encoding: "utf8" });
  if (done.status !== 0) {
    rmSync(partial, { recursive: true });
    throw new Error(`Maven could not fetch what ${pom} names: ${done.stdout}`);
  }
  try {
    renameSync(partial, home);
  } catch (error) {
    // Another test was quicker.
    rmSync(partial, { recursive: true });
    if (!existsSync(home)) throw error;
  }
  return { classPath: `${home}/*` };
}
