/** What a release must pass before anything of it starts: the project's own generator, tests of schemas and migrations, and types. */
import { spawn } from "node:child_process";
import { join } from "node:path";

/** The tests that hold a change against the release before it. */
const tests = ["schemas", "deploy/expand-only.test.ts", "packages/store/src/release.test.ts"];

export type Refusal = { gate: string; words: string };

/** From here on the tree's files are held against what they are now. */
export async function noteRelease(root: string, version: string): Promise<void> {
  const refusal = await passes(root, "released.json", ["node", "schemas/released.ts", version]);
  if (refusal !== null) throw new Error(refusal.words);
}

/** The first gate that a changed tree does not pass; null when it passes all. */
export async function tryGates(root: string): Promise<Refusal | null> {
  return (
    (await passes(root, "npm run schemas", ["npm", "run", "schemas", "--silent"])) ??
    (await passes(root, "tests", [
      "node",
      "node_modules/vitest/vitest.mjs",
      "run",
      "--project",
      "unit",
      ...tests,
    ])) ??
    (await passes(root, "types", ["tsc", "--noEmit"]))
  );
}

async function passes(
  root: string,
  gate: string,
  [program, ...args]: [string, ...string[]],
): Promise<Refusal | null> {
  const { status, words } = await runIn(root, program, args);
  return status === 0 ? null : { gate, words };
}

/** `words`: what it printed, both streams. */
export function runIn(
  root: string,
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ status: number; words: string }> {
  const bin = join(root, "node_modules", ".bin");
  const child = spawn(program === "node" ? process.execPath : program, args, {
    cwd: root,
    env: { ...inherited(), PATH: `${bin}:${process.env.PATH}`, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let words = "";
  child.stdout.on("data", (bytes) => (words += bytes));
  child.stderr.on("data", (bytes) => (words += bytes));
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve({ status: code ?? 1, words: words.trim() }));
  });
}

/** Neither settings of a mesh nor what a test runner around us tells its own children. */
function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(WAMESH_|VITEST|TEST$|NODE_ENV$|npm_)/.test(name)),
  );
}
