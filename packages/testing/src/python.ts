/** Python with what a requirements file asks for, fetched once; where it holds hashes, checked by them. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const oldest = [3, 11] as const;

/**
 * The folder for PYTHONPATH. A sentence instead when this machine has no Python with pip: wamesh itself needs none.
 * `requirements`: path from the repository's root.
 */
export function pythonPackages(requirements: string): { path: string } | string {
  const asked = spawnSync("python3", [
    "-c",
    "import sys; print(sys.implementation.cache_tag, *sys.version_info[:2])",
  ]);
  if (asked.status !== 0) return "there is no python3 on this machine";
  const [tag, major, minor] = String(asked.stdout).trim().split(" ");
  if (Number(major) !== oldest[0] || Number(minor) < oldest[1])
    return `the python3 of this machine is older than ${oldest.join(".")}`;
  const file = join(repository, requirements);
  const text = readFileSync(file, "utf8");
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const cache = join(repository, ".wamesh/cache");
  const home = join(cache, `python-${hash}-${tag}`);
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
  const done = spawnSync("python3", [...pip, "--target", partial, "-r", file], { encoding: "utf8" });
  if (done.status !== 0) {
    rmSync(partial, { recursive: true });
    throw new Error(`pip could not install what ${requirements} asks for: ${done.stderr}`);
  }
  try {
    renameSync(partial, home);
  } catch (error) {
    // Another test was quicker.
    rmSync(partial, { recursive: true });
    if (!existsSync(home)) throw error;
  }
  return { path: home };
}
