// `npm test`: vitest with every argument passed on; then, as the very last line, what became of the tests.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPrerequisites } from "@wamesh/local/stack";
import type { Counts } from "../packages/testing/src/reporter.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const reporter = join(root, "packages", "testing", "src", "reporter.ts");

const problem = await checkPrerequisites();
if (problem !== null) {
  console.error(problem);
  process.exit(1);
}

// With arguments, one run of just what they name. Without, the tests of single rooms first and those on a whole mesh after
// them: five services beside a dozen other test files would measure only each other.
const given = process.argv.slice(2);
const runs =
  given.length > 0
    ? [given]
    : [
        ["--project", "unit", "--project", "integration"],
        ["--project", "mesh"],
      ];
const counts: Counts = { passed: 0, failed: 0, skipped: 0, skippedNames: [] };
let interrupted = false;
// Ctrl-C reaches vitest through the terminal; we wait for it to end its stack and its tests.
process.on("SIGINT", () => {
  interrupted = true;
});
for (const args of runs) {
  if (interrupted) break;
  const part = await run(args);
  counts.passed += part.passed;
  counts.failed += part.failed;
  counts.skipped += part.skipped;
  counts.skippedNames.push(...part.skippedNames);
}

for (const name of counts.skippedNames) console.log(`skipped: ${name}`);
const skippedInCi = Boolean(process.env.CI) && counts.skipped > 0;
if (skippedInCi) console.log("Skipped tests fail the run where CI is set.");
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 || skippedInCi ? 1 : 0;

/** A vitest that died before its report, or failed for a reason outside any test, is one failure. */
async function run(args: readonly string[]): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), "wamesh-test-"));
  const countsFile = join(folder, "counts.json");
  const child = spawn(
    process.execPath,
    [vitest, "run", "--reporter=default", `--reporter=${reporter}`, ...args],
    {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, WAMESH_TEST_COUNTS: countsFile },
    },
  );
  const pass = () => child.kill("SIGTERM");
  process.once("SIGTERM", pass);
  const status = await new Promise<number>((resolve) => {
    child.once("error", () => resolve(1)).once("exit", (code) => resolve(code ?? 1));
  });
  process.off("SIGTERM", pass);
  let part: Counts;
  try {
    part = JSON.parse(readFileSync(countsFile, "utf8")) as Counts;
  } catch {
    part = { passed: 0, failed: 1, skipped: 0, skippedNames: [] };
  }
  rmSync(folder, { recursive: true });
  if (status !== 0 && part.failed === 0) part.failed = 1;
  return part;
}
