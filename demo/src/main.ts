/** `npm run demo`: the whole mesh on this machine with traffic, and a summary that fails when a claim did not hold. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPrerequisites, endOnSignal, type Mesh, startMesh, writeRunFile } from "@wamesh/local";
import { startReceiver } from "@wamesh/testing/outside";
import { type Flags, help, parseFlags } from "./flags.ts";
import { runAndJudge } from "./judge.ts";
import { stageHere } from "./stage.ts";
import { farewell } from "./summary.ts";
import { verify } from "./verify.ts";

const startedAtMs = performance.timeOrigin;
const wamesh = fileURLToPath(new URL("../../.wamesh", import.meta.url));

function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

let flags: Flags;
try {
  const parsed = parseFlags(process.argv.slice(2));
  if (parsed === "help") {
    console.log(help);
    process.exit(0);
  }
  flags = parsed;
} catch (error) {
  fail(`${error instanceof Error ? error.message : error}\n\n${help}`);
}
// Loaded only where it is needed: the browser's driver is no part of a demo without one.
if (flags.console !== null)
  try {
    (await import("./onlooker.ts")).chromiumOrThrow();
  } catch (error) {
    fail(error);
  }
const problem = await checkPrerequisites();
if (problem !== null) fail(problem);

let mesh: Mesh | undefined;
const receiver = await startReceiver({ verify });
const stop = async () => {
  rmSync(join(wamesh, "run.json"), { force: true });
  await receiver.close();
  await mesh?.stop();
};
endOnSignal(stop);

// Each demo begins with an empty mesh, in a folder of its own, so that it never touches the data of `npm start`.
const dataDir = join(wamesh, "demo");
rmSync(dataDir, { recursive: true, force: true });
try {
  mesh = await startMesh({
    dataDir,
    log: (line) => console.log(line),
    seed: flags.seed,
    profile: "demo",
    // 50,000 at once are no beginner's first look.
    heap: flags.campaign === null ? "small" : "deployed",
    // A demo's reader should not wait two minutes for the policy; the echo settles nearly all doubts within seconds.
    env: { WAMESH_DOUBT_RESOLVE_S: "15" },
  });
  writeRunFile(join(wamesh, "run.json"), mesh);
  const { faults, provisioned } = await runAndJudge(stageHere(mesh), receiver, flags, startedAtMs);
  if (flags.exit) {
    await stop();
    process.exit(faults.length === 0 ? 0 : 1);
  }
  process.exitCode = faults.length === 0 ? 0 : 1;
  console.log(farewell(mesh, provisioned));
} catch (error) {
  await stop();
  fail(error);
}
