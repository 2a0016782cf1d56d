/** Python with what a requirements.txt asks for, fetched once; where it holds hashes, checked by them. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const ofExamples = join(repository, "examples/producers/requirements.txt");

/** The folder for PYTHONPATH. A sentence instead when this machine has no Python with pip: wamesh itself needs none. */
export function pythonPackages(
  /** `perVersion`: not pure Python, so each version of Python has a folder of its own. */
  { requirements, perVersion }: { requirements: string; perVersion: boolean } = {
    requirements: ofExamples,
    perVersion: false,
  },
): { path: string } | string {
  const { status, stdout } = spawnSync("python3", ["--version"], { encoding: "utf8" });
  if (status !== 0) return "there is no python3 on this machine";
  const cache = join(repository, ".wamesh/cache");
  const text = readFileSync(requirements, "utf8");
  const asked = createHash("sha256")
    .update(perVersion ? text + stdout : text)
    .digest("hex")
    .slice(0, 12);
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
    ...(text.includes("--hash=") ? ["--require-hashes"] : ["--only-binary", ":all:"]),
  ];
  const done = spawnSync("python3", [...pip, "--target", partial, "-r", requirements], { encoding: "utf8" });
  if (done.status !== 0) {
    rmSync(partial, { recursive: true });
    throw new Error(`pip could not install the producer's packages: ${done.stderr}`);
  }
  renameSync(partial, home);
  return { path: home };
}
