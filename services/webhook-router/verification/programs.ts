/** The programs that docs/webhooks.md shows, as they stand there. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { javaPackages } from "@wamesh/testing";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const page = readFileSync(join(repository, "docs/webhooks.md"), "utf8");

export type Program = { command: string; args: string[]; env: Record<string, string> };

/** The one code block of this language. */
export function programIn(language: string): string {
  const blocks = [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))];
  if (blocks.length !== 1) throw new Error(`docs/webhooks.md has ${blocks.length} blocks of ${language}`);
  return blocks[0]![1]!;
}

/** In a folder from which node finds the packages of this repository. */
export function typescript(): Program {
  const file = join(mkdtempSync(join(cache(), "webhook-receiver-")), "receiver.ts");
  writeFileSync(file, programIn("ts"));
  return { command: process.execPath, args: [file], env: {} };
}

/**
 * With the public library from PyPI, fetched once and checked by its hash. A sentence instead when this machine has no Python
 * with pip: wamesh itself needs none.
 */
export function python(): Program | string {
  const found = spawnSync("python3", ["--version"], { encoding: "utf8" });
  if (found.status !== 0) return "there is no python3 on this machine";
  const version = found.stdout.trim().replace(/\W+/g, "-").toLowerCase();
  const home = join(cache(), `standardwebhooks-${version}`);
  if (!existsSync(home)) {
    if (spawnSync("python3", ["-m", "pip", "--version"]).status !== 0)
      return "the python3 of this machine has no pip";
    const partial = mkdtempSync(`${home}.partial-`);
    const requirements = fileURLToPath(new URL("requirements.txt", import.meta.url));
    const pip = [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--disable-pip-version-check",
      "--no-deps",
      "--require-hashes",
    ];
    const done = spawnSync("python3", [...pip, "--target", partial, "-r", requirements], {
      encoding: "utf8",
    });
    if (done.status !== 0) {
      rmSync(partial, { recursive: true });
      throw new Error(`pip could not install standardwebhooks: ${done.stderr}`);
    }
    renameSync(partial, home);
  }
  return { command: "python3", args: ["-c", programIn("python")], env: { PYTHONPATH: home } };
}

/** With the public library from Maven Central. A sentence instead when this machine has no Java with Maven. */
export function java(): Program | string {
  const packages = javaPackages("services/webhook-router/verification/pom.xml");
  if (typeof packages === "string") return packages;
  const file = join(mkdtempSync(join(cache(), "webhook-receiver-")), "Receiver.java");
  writeFileSync(file, programIn("java"));
  return { command: "java", args: ["-cp", packages.classPath, file], env: {} };
}

function cache(): string {
  const folder = join(repository, ".wamesh/cache");
  mkdirSync(folder, { recursive: true });
  return folder;
}
