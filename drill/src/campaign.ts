/** Rounds on one mesh, from the first to the last, and what they add up to. */
import { ledgerTotals } from "@wamesh/testing/outside";
import type { Finding } from "./check/index.ts";
import { standing } from "./check/standing.ts";
import type { Drill } from "./drill.ts";
import type { Evidence } from "./ledgers.ts";
import { openDrill } from "./open.ts";
import { heading, row } from "./print.ts";
import { makeReport, type Report } from "./report.ts";
import { type Round, runRound } from "./round.ts";
import { smallWorld } from "./world.ts";

export type CampaignOptions = {
  /** Faults of each round. */
  schedule: readonly (readonly string[])[];
  seed: number;
  dataDir: string;
  log: (line: string) => void;
  /** Told once the mesh runs, so that it can be stopped from outside. */
  onStop?: (stop: () => Promise<void>) => void;
};

export async function campaign(options: CampaignOptions): Promise<Report> {
  const { drill, stop } = await openDrill({
    dataDir: options.dataDir,
    seed: options.seed,
    world: smallWorld,
    log: options.log,
    ...(options.onStop && { onStop: options.onStop }),
    mesh: {
      instances: { dispatcher: 3 },
      // A round should not wait two minutes for the policy.
      env: { WAMESH_DOUBT_RESOLVE_S: "10" },
    },
  });
  try {
    return await runRounds(drill, options);
  } finally {
    await stop();
  }
}

async function runRounds(drill: Drill, { schedule, log }: CampaignOptions): Promise<Report> {
  const found = new Map<string, Finding>();
  const rounds: Round[] = [];
  log(heading);
  for (const [i, kinds] of schedule.entries()) {
    log(`  round ${i + 1} of ${schedule.length}: ${kinds.join(", ")}`);
    const round = await runRound(drill, i + 1, kinds);
    rounds.push(round);
    const fresh = round.findings.filter((finding) => !found.has(nameOf(finding)));
    for (const finding of fresh) found.set(nameOf(finding), finding);
    log(row(round, fresh.length));
    for (const finding of fresh.slice(0, 10)) log(inWords(finding, round.evidence));
    if (fresh.length > 10) log(`    … and ${fresh.length - 10} more`);
    if (fresh.some(({ kind }) => kind === "rate")) {
      const { max_lag_ms } = await ledgerTotals(drill.mesh.simulator);
      log(`    the judge of the rates looked away for up to ${max_lag_ms} ms`);
    }
  }
  return makeReport(rounds, [...found.values()]);
}

/** The same message may be found again after each round; it counts once. */
function nameOf({ kind, id, what }: Finding): string {
  return `${kind} ${id ?? what}`;
}

function inWords(finding: Finding, evidence: Evidence): string {
  const lines = finding.id === null ? [] : standing(evidence, finding.id).map((line) => `        ${line}`);
  return [`    ${finding.kind}: ${finding.id ?? ""} ${finding.what}`, ...lines].join("\n");
}
