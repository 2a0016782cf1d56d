/** Python with what examples/producers/requirements.txt asks for, fetched once and checked by its hash. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const requirements = join(repository, "examples/producers/requirements.txt");

/** The folder for PYTHONPATH. A sentence instead when this machine has no Python with pip: wamesh itself needs none. */
export function pythonPackages(): { path: string } | string {
  if (spawnSync("python3", ["--version"]).status !== 0) return "there is no python3 on this machine";
  const cache = join(repository, ".wamesh/cache");
  const asked = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  // Pure Python: one folder for whichever version there is.
  const home = join(cache, `python-producer-${asked}`);
  if (existsSync(home)) return { path: home };
  if (spawnSync("python3", ["-m", "pip", "--version"]).status !== 0)
    return "the python3 of this machine has no pip";
  mkdirSync(cache, { recursive: true });
  const partial = mkdtempSync(`${home}.partial-`);
  const pip = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--no-deps",
    "--require-hashes",
  ];
  const done = spawnSync("python3", [...pip, "--target", partial, "-r", requirements], { encoding: "utf8" });
  if (done.status !== 0) {
    rmSync(partial, { recursive: true });
    throw new Error(`pip could not install the producer's packages: ${done.stderr}`);
  }
  renameSync(partial, home);
  return { path: home };
}
