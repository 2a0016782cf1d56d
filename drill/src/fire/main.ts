/** `npm run fire`: each fault caused for real, and its alert seen to fire and to clear, at a real Prometheus and Alertmanager. */
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { checkPrerequisites, endOnSignal } from "@wamesh/local";
import { burn } from "./burn.ts";
import { lookAtPanels, lookAtRules } from "./calm.ts";
import { fires } from "./fires/index.ts";
import { type Flags, help, readFlags } from "./flags.ts";
import { openGround } from "./open.ts";
import { type Burnt, burntOf, missedOf, type Record_, today } from "./record.ts";
import { findTool } from "./tools.ts";
import { writePages, writeRecord } from "./write-pages.ts";

const say = (words: string) => console.log(`  ${new Date().toISOString().slice(11, 19)}  ${words}`);

function flagsOrExit(): Flags {
  try {
    const flags = readFlags(process.argv.slice(2), fires);
    if (flags !== null) return flags;
    console.log(help(fires));
    return process.exit(0);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${help(fires)}`);
    return process.exit(2);
  }
}

const flags = flagsOrExit();
try {
  for (const tool of ["prometheus", "alertmanager"] as const) findTool(tool);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
const problem = await checkPrerequisites();
if (problem !== null) {
  console.error(problem);
  process.exit(1);
}

const stops: (() => unknown)[] = [];
const stop = async () => {
  for (const one of stops.splice(0).reverse()) await one();
};
endOnSignal(stop);

async function drill({ chosen, panelsOnly, factor, report, record }: Flags): Promise<boolean> {
  const softened = fires.flatMap((fire) => fire.softened ?? []);
  const { ground, monitoring } = await openGround({
    dataDir: fileURLToPath(new URL("../../../.wamesh/fire", import.meta.url)),
    factor,
    softened,
    say,
    onStop: (close) => void stops.push(close),
  });
  const panels = await lookAtPanels(ground, monitoring);
  if (panelsOnly) return panels.silent().length === 0;
  const { brokenRules, pagesWithoutFault } = await lookAtRules(ground, monitoring);

  const burnt: Burnt[] = [];
  const seen = (): Record_ => ({
    cores: availableParallelism(),
    factor,
    softened,
    panels: { asked: panels.asked, empty: panels.empty() },
    broken_rules: brokenRules,
    pages_without_fault: pagesWithoutFault,
    alerts: burnt,
  });
  // After each, so that a run that is cut off has told what it saw.
  const write = () => {
    if (report !== null) writeFileSync(report, `${JSON.stringify(seen(), null, 2)}\n`);
  };
  write();
  for (const fire of chosen) {
    const rows = await burn(fire, monitoring, ground).catch((error: unknown) => {
      say(`${fire.name} was cut short: ${error}`);
      return burntOf(fire, { as_of: today(), beside: [] }, () => ({
        fired_after_s: null,
        cleared_after_s: null,
      }));
    });
    for (const { alert, severity, fired_after_s, cleared_after_s } of rows)
      say(`    ${alert} ${severity}: fired after ${fired_after_s} s, cleared after ${cleared_after_s} s`);
    if (rows[0]?.beside.length) say(`    beside: ${rows[0].beside.join(", ")}`);
    burnt.push(...rows);
    write();
  }
  const missed = missedOf(burnt);
  console.log(
    `${burnt.length - missed.length} of ${burnt.length} alerts fired and cleared; ${panels.silent().length} panels without data`,
  );
  if (record) {
    // What else fired was of that day, and of what else the machine did.
    writeRecord({ ...seen(), alerts: burnt.map(({ beside: _, ...row }) => row) });
    writePages();
  }
  return missed.length + panels.silent().length + brokenRules.length + pagesWithoutFault.length === 0;
}

try {
  const good = await drill(flags);
  await stop();
  process.exit(good ? 0 : 1);
} catch (error) {
  console.error(error);
  await stop();
  process.exit(1);
}
