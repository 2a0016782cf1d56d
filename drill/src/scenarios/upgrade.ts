/** This release becomes the next one, process by process, and this one again, while a campaign and one-time passwords go out. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { repository, serviceNames } from "@wamesh/local";
import { pauses, seconds } from "../check/pauses.ts";
import type { Drill } from "../drill.ts";
import { startFlow } from "../flow.ts";
import { type Judgement, judge } from "../judge.ts";
import { type Answers, startAsking } from "../upgrade/asking.ts";
import { buildNext } from "../upgrade/build.ts";
import { startCampaign } from "../upgrade/campaign.ts";
import { runIn, tryGates } from "../upgrade/gates.ts";
import { mixedOf, type Running, unseen } from "../upgrade/mixed.ts";
import { replaceAll, type Step } from "../upgrade/replace.ts";
import { checkOut, versionOf } from "../upgrade/tree.ts";
import { smallWorld } from "../world.ts";
import { brokenCounts, countsOf } from "./counts.ts";
import { findingsInWords, table } from "./print.ts";
import { scaleTo } from "./scale.ts";
import { inMesh, type Outcome, type Scenario, type ScenarioOptions } from "./scenario.ts";

/** No tenant may be silent for longer while a process is replaced, neither at the API nor at the provider. */
const pauseAimS = 10;
const quietMs = 5_000;
/** Of each mixed state. On the way back there is none: whoever goes back is in a hurry. */
const soakMs = 3_000;
const settleMs = 120_000;
const paced = { people: 800, ratePerS: 4 };

export const upgrade: Scenario = {
  name: "upgrade",
  about: "the next release beside this one, service by service, mid-campaign; then back",
  async run(options) {
    const next = join(options.dataDir, "next");
    mkdirSync(options.dataDir, { recursive: true });
    const { root, version, isMade } = await laterRelease(next, options);
    const mesh = { env: { WAMESH_DOUBT_RESOLVE_S: "10" } };
    return await inMesh(options, { world: smallWorld, mesh }, async (drill) => {
      for (const name of serviceNames) await scaleTo(drill, name, 2);
      return await drillUpgrade(drill, options, { root, version, isMade });
    });
  },
};

type Later = { root: string; version: string; isMade: boolean };

/** A tree that has passed its gates. */
async function laterRelease(root: string, { to, log }: ScenarioOptions): Promise<Later> {
  if (to !== null) {
    checkOut(to, root);
    return { root, version: versionOf(root), isMade: false };
  }
  const version = await buildNext(root);
  log(`${version} is made of this tree; it goes through its gates …`);
  const refusal = await tryGates(root);
  if (refusal !== null) throw new Error(`${refusal.gate} refuses ${version}:\n${refusal.words}`);
  return { root, version, isMade: true };
}

async function drillUpgrade(drill: Drill, options: ScenarioOptions, later: Later): Promise<Outcome> {
  const here = { root: repository, version: versionOf(repository) };
  const [tenant] = drill.tenants;
  const moments: Running[] = [];
  const flow = startFlow(drill, { ratePerS: options.ratePerS ?? 20 });
  const campaign = await startCampaign(drill, tenant!, paced);
  const asking = startAsking(drill, tenant!.id, [
    "/v1/sessions",
    "/v1/status/messages?limit=20",
    `/v1/campaigns/${campaign.id}`,
    "/v1/endpoints",
  ]);
  const steps: Step[] = [];
  let deploys: { upgrade_s: number; rollback_s: number };
  let backMs: number;
  let seen: Record<string, number> | null;
  try {
    await delay(quietMs);
    const there = await deploy(drill, later);
    await delay(quietMs);
    steps.push(...(await replaceAll(drill, { ...later, direction: "upgrade", soakMs }, moments)));
    await delay(quietMs);
    seen = later.isMade ? await newFieldSeen(drill, later.version) : null;
    const begun = performance.now();
    const back = await deploy(drill, here);
    steps.push(...(await replaceAll(drill, { ...here, direction: "rollback", soakMs: 0 }, moments)));
    backMs = performance.now() - begun;
    deploys = { upgrade_s: seconds(there), rollback_s: seconds(back) };
    await delay(quietMs);
  } finally {
    await flow.end();
  }
  const answers = await asking.end();
  const unmade = await campaign.note();
  const judgement = await judge(drill, { messageIds: drill.accepted.map(({ id }) => id), settleMs });
  const ended = Object.values(drill.mesh.instances)
    .flat()
    .filter((one) => one.pid() === undefined)
    .map(({ name }) => name);
  return outcome({
    ...{
      from: here.version,
      to: later.version,
      steps,
      moments,
      judgement,
      answers,
      unmade,
      ended,
      seen,
      deploys,
    },
    rollbackS: seconds(backMs),
    refused: flow.refused(),
  });
}

/** As an operator does, by the release's own command. Resolves to the milliseconds it took. */
async function deploy(drill: Drill, { root, version }: { root: string; version: string }): Promise<number> {
  const begun = performance.now();
  const { status, words } = await runIn(
    root,
    "npm",
    ["run", "deploy", "--silent"],
    drill.mesh.deploySettings,
  );
  if (status !== 0) throw new Error(`npm run deploy of ${version} ended with ${status}:\n${words}`);
  const tookMs = performance.now() - begun;
  for (const line of words.split("\n")) drill.say(`deploy: ${line}`);
  return tookMs;
}

/** Rows that only code of the later release writes, by table. */
async function newFieldSeen({ sql }: Drill, version: string): Promise<Record<string, number>> {
  const tables = ["projection.message_event", "dispatch.own_message", "ingest.campaign"];
  const counts = await Promise.all(
    tables.map(async (name) => {
      const [row] = await sql<{ n: number }[]>`
        select count(*)::int as n from ${sql(name)} where release = ${version}`;
      return [name, row?.n ?? 0] as const;
    }),
  );
  return Object.fromEntries(counts);
}

function outcome(run: {
  from: string;
  to: string;
  steps: readonly Step[];
  moments: readonly Running[];
  judgement: Judgement;
  answers: Answers;
  unmade: number;
  ended: readonly string[];
  seen: Record<string, number> | null;
  deploys: { upgrade_s: number; rollback_s: number };
  rollbackS: number;
  refused: number;
}): Outcome {
  const { judgement, steps, moments, answers } = run;
  const counts = countsOf(judgement);
  const told = steps.map((step) => {
    const silent = pauses(judgement.evidence, { from: step.begun_at, to: step.ended_at });
    return { ...step, ...silent, pause_s: Math.max(silent.accept_pause_s_max, silent.send_pause_s_max) };
  });
  const mixed = mixedOf(moments);
  const report = {
    from: run.from,
    to: run.to,
    ...counts,
    lost: counts.lost + run.unmade,
    refused: run.refused,
    asked: answers.asked,
    answered_503: answers.away,
    answers_late: answers.late,
    answers_failed: answers.failed,
    pause_s_max: Math.max(...told.map(({ pause_s }) => pause_s)),
    mixed_states: mixed.split.length + mixed.pairs.length,
    mixed_states_unseen: unseen(moments),
    new_field_seen: run.seen === null ? null : Object.values(run.seen).reduce((sum, rows) => sum + rows, 0),
    new_field_rows: run.seen,
    deploy_s: run.deploys.upgrade_s,
    rollback_deploy_s: run.deploys.rollback_s,
    rollback_s: run.rollbackS,
    steps: told,
    processes_ended: run.ended,
  };
  const broken = [
    ...brokenCounts({ ...counts, lost: report.lost }),
    ...(report.pause_s_max < pauseAimS ? [] : [`a tenant stood still for ${report.pause_s_max} s`]),
    ...(report.refused === 0 ? [] : [`${report.refused} requests were refused for good`]),
    ...(answers.failed === 0 ? [] : [`${answers.failed} questions had a wrong answer`]),
    ...(report.mixed_states_unseen.length === 0
      ? []
      : [`never side by side: ${report.mixed_states_unseen.join(", ")}`]),
    ...Object.entries(run.seen ?? {}).flatMap(([name, rows]) =>
      rows > 0 ? [] : [`the new column of ${name} is empty`],
    ),
    ...(run.ended.length === 0 ? [] : [`ended by themselves: ${run.ended.join(", ")}`]),
  ];
  return { report, broken, text: [table(report), stepTable(told), ...findingsInWords(judgement)].join("\n") };
}

function stepTable(steps: readonly (Step & { pause_s: number })[]): string {
  const rows = steps.map(
    ({ direction, process, stop_s, start_s, pause_s }) =>
      `  ${direction.padEnd(10)}${process.padEnd(20)}${String(stop_s).padEnd(9)}${String(start_s).padEnd(10)}${pause_s}`,
  );
  return ["", "  direction process             stop, s  start, s  silent, s", ...rows].join("\n");
}
