/** `npm run drill`: faults on real processes while messages flow, and a judgement of four ledgers after each round. */
import { rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { checkPrerequisites, endOnSignal, machine } from "@wamesh/local";
import { campaign } from "./campaign.ts";
import { faults } from "./faults/index.ts";
import { type Flags, helpText, parseFlags } from "./flags.ts";
import { summary } from "./print.ts";
import { broken } from "./report.ts";
import { type Scenario, scenarios } from "./scenarios/index.ts";
import { schedule } from "./schedule.ts";

const help = helpText([...faults.values()], [...scenarios.values()]);
let flags: Flags;
try {
  const parsed = parseFlags(process.argv.slice(2), [...faults.keys()], [...scenarios.keys()]);
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
const folder = flags.scenario === null ? "drill" : `drill-${flags.scenario}`;
const dataDir = fileURLToPath(new URL(`../../.wamesh/${folder}`, import.meta.url));
rmSync(dataDir, { recursive: true, force: true });
let stop = async () => {};
endOnSignal(() => stop());
const log = (line: string) => console.log(line);
const onStop = (mesh: () => Promise<void>) => {
  stop = mesh;
};
try {
  const scenario = flags.scenario === null ? undefined : scenarios.get(flags.scenario);
  process.exit((await (scenario === undefined ? runRounds() : runScenario(scenario))) ? 0 : 1);
} catch (error) {
  console.error(error);
  process.exit(1);
}

/** Whether every promise held. */
async function runRounds(): Promise<boolean> {
  const report = await campaign({
    schedule: schedule(flags.seed, flags.rounds, flags.faults.length > 0 ? flags.faults : [...faults.keys()]),
    seed: flags.seed,
    dataDir,
    log,
    onStop,
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
  return breaks.length === 0;
}

async function runScenario(scenario: Scenario): Promise<boolean> {
  const { seed, minutes, ratePerS, to } = flags;
  const outcome = await scenario.run({ dataDir, seed, minutes, ratePerS, to, log, onStop });
  if (flags.report !== null) {
    const report = { scenario: scenario.name, ...outcome.report, machine: machine() };
    writeFileSync(flags.report, `${JSON.stringify(report, null, 2)}\n`);
    for (const [end, content] of Object.entries(outcome.files ?? {}))
      writeFileSync(flags.report.replace(/(\.json)?$/, end), content);
  }
  console.log(`\n${outcome.text}\n`);
  const held = outcome.broken.length === 0;
  const shown = outcome.shown ?? "Every promise held.";
  console.log(held ? `  ${shown}` : `  A promise did not hold: ${outcome.broken.join("; ")}.`);
  if (!held) console.log(`  Logs of this run: ${dataDir}/logs`);
  return held;
}
