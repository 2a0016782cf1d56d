/** `npm run drill`: faults on real processes while messages flow, and a judgement of four ledgers after each round. */
import { rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { checkPrerequisites, endOnSignal } from "@wamesh/local";
import { campaign } from "./campaign.ts";
import { faults } from "./faults/index.ts";
import { type Flags, helpText, parseFlags } from "./flags.ts";
import { summary } from "./print.ts";
import { broken } from "./report.ts";
import { schedule } from "./schedule.ts";

const help = helpText([...faults.values()]);
let flags: Flags;
try {
  const parsed = parseFlags(process.argv.slice(2), [...faults.keys()]);
  if (parsed === "help") {
    console.log(help);
    process.exit(0);
  }
  flags = parsed;
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${help}`);
  process.exit(2);
}
const problem = await checkPrerequisites();
if (problem !== null) {
  console.error(problem);
  process.exit(1);
}

// Each drill begins with an empty mesh, in a folder of its own.
const dataDir = fileURLToPath(new URL("../../.wamesh/drill", import.meta.url));
rmSync(dataDir, { recursive: true, force: true });
let stop = async () => {};
endOnSignal(() => stop());
try {
  const report = await campaign({
    schedule: schedule(flags.seed, flags.rounds, flags.faults.length > 0 ? flags.faults : [...faults.keys()]),
    seed: flags.seed,
    dataDir,
    log: (line) => console.log(line),
    onStop: (mesh) => {
      stop = mesh;
    },
  });
  if (flags.report !== null) writeFileSync(flags.report, `${JSON.stringify(report, null, 2)}\n`);
  const breaks = broken(report);
  console.log(summary(report, breaks));
  if (breaks.length > 0) {
    const kinds = flags.faults.map((kind) => ` --fault ${kind}`).join("");
    console.log(
      `  The same schedule again: npm run drill -- --rounds ${flags.rounds} --seed ${flags.seed}${kinds}`,
    );
    console.log(`  Logs of this run: ${dataDir}/logs`);
  }
  process.exit(breaks.length === 0 ? 0 : 1);
} catch (error) {
  console.error(error);
  process.exit(1);
}
