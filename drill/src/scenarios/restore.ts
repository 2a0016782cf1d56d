/**
 * Postgres is lost in the middle of the traffic and set back to a copy of half a minute before: the services refuse to start on it,
 * the documented command settles what the copy has forgotten, and everything goes on.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { until } from "@wamesh/testing/until";
import { settledByEcho } from "../check/figures.ts";
import { seconds } from "../check/pauses.ts";
import type { Drill } from "../drill.ts";
import { startFlow } from "../flow.ts";
import { type Judgement, judge } from "../judge.ts";
import { postgresData, putBack, takeBaseBackup } from "../restore/base-backup.ts";
import { changeThings } from "../restore/changes.ts";
import { smallWorld } from "../world.ts";
import { brokenCounts, countsOf } from "./counts.ts";
import { findingsInWords, table } from "./print.ts";
import { inMesh, type Outcome, type Scenario, type ScenarioOptions } from "./scenario.ts";

const beforeMs = 10_000;
const sinceMs = 20_000;
/** So long the services go on without their database before somebody stops them. */
const blindMs = 3_000;
const afterMs = 10_000;
const settleMs = 120_000;
const ratePerS = 20;
const mesh = { instances: { dispatcher: 2 }, env: { WAMESH_DOUBT_RESOLVE_S: "20" } };

export const restore: Scenario = {
  name: "restore",
  about: "Postgres is set back to an older copy; npm run restore settles what it has forgotten",
  run: (options) => inMesh(options, { world: smallWorld, mesh }, (drill) => drillRestore(drill, options)),
};

export const unsettled: Scenario = {
  name: "restore-unsettled",
  about: "the same without the command, by force: shows that messages are then lost and sent twice",
  run: (options) => inMesh(options, { world: smallWorld, mesh }, (drill) => drillUnsettled(drill, options)),
};

async function drillRestore(drill: Drill, options: ScenarioOptions): Promise<Outcome> {
  const lost = await loseTheDatabase(drill, options);
  const refused = await refusal(drill);
  drill.say(
    refused === null ? "a dispatcher STARTED on the older database" : "a dispatcher refuses to start",
  );
  const beganAt = performance.now();
  const found = await runRestore(drill, lost.lostAt);
  const commandS = seconds(performance.now() - beganAt);
  await startAll(drill);
  const backS = seconds(Date.now() - lost.lostAt);
  drill.say(`all services run again, ${backS} s after the loss`);
  const flow = startFlow({ ...drill, seed: drill.seed + 1 }, { ratePerS, prefix: "after" });
  await delay(afterMs);
  await flow.end();
  const judgement = await judgeAll(drill);
  const wrong = await lost.changes.wrong();
  const campaign = await lost.changes.campaign();
  const counts = countsOf(judgement);
  const report = {
    ...counts,
    in_doubt_settled_by_receipt: settledByEcho(judgement.evidence.topics.statuses),
    unconfirmed: unconfirmedOf(judgement),
    copy_age_s: lost.copyAgeS,
    command_s: commandS,
    back_after_s: backS,
    campaign,
    found,
  };
  const broken = [
    ...brokenCounts(counts),
    ...wrong,
    ...(refused === null ? ["a dispatcher started on the older database"] : []),
    ...(campaign.state === "completed" && campaign.ended === campaign.people
      ? []
      : [`the campaign is ${JSON.stringify(campaign)}`]),
  ];
  const text = [table({ ...report, campaign: JSON.stringify(campaign) }), ...findingsInWords(judgement)];
  return { report, broken, text: text.join("\n") };
}

/** The check is taken away as it would be by deleting cursors, and nothing is settled. */
async function drillUnsettled(drill: Drill, options: ScenarioOptions): Promise<Outcome> {
  await loseTheDatabase(drill, options);
  for (const schema of ["dispatch", "ingest", "webhooks", "control"])
    await drill.sql`delete from ${drill.sql(schema)}.stream_cursor`;
  await startAll(drill);
  const counts = countsOf(await judgeAll(drill));
  const broken = counts.doubled === 0 ? ["nothing was sent twice: the ledgers would not see it"] : [];
  const shown = `Without the check and the command: ${counts.lost} lost, ${counts.doubled} sent twice. The ledgers see it.`;
  return { report: { ...counts }, broken, shown, text: table(counts) };
}

async function judgeAll(drill: Drill): Promise<Judgement> {
  return judge(drill, { messageIds: drill.accepted.map(({ id }) => id), settleMs });
}

function unconfirmedOf({ evidence }: Judgement): number {
  return [...evidence.stores.projection.values()].filter(({ status }) => status === "unconfirmed").length;
}

/** Resolves when everything has stopped and Postgres runs on its older state. */
async function loseTheDatabase(drill: Drill, { dataDir }: ScenarioOptions) {
  const { stack } = drill.mesh;
  const data = await postgresData(dataDir);
  const copy = join(dataDir, "backup");
  const changes = await changeThings(drill);
  const flow = startFlow(drill, { ratePerS });
  await delay(beforeMs);
  const copyAt = Date.now();
  await takeBaseBackup({ url: stack.postgresUrl, data, to: copy });
  drill.say("the copy is made");
  await changes.since();
  await delay(sinceMs);
  drill.say("kill -9 postgres; the services go on without it");
  await stack.server("postgres").kill();
  const lostAt = Date.now();
  await delay(blindMs);
  await flow.end();
  await Promise.all(
    Object.values(drill.mesh.instances)
      .flat()
      .map((one) => one.stop()),
  );
  await putBack({ data, from: copy });
  await stack.server("postgres").start();
  await until(async () => (await drill.sql`select 1`).length === 1, { what: "the restored Postgres" });
  drill.say("Postgres runs again, as it was");
  return { changes, lostAt, copyAgeS: seconds(lostAt - copyAt) };
}

/** Why a dispatcher does not start; null: it did. */
async function refusal(drill: Drill): Promise<string | null> {
  const { dispatcher } = drill.mesh.services;
  try {
    await dispatcher.start();
    await dispatcher.kill();
    return null;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    if (words.includes("older than the topics")) return words;
    throw error;
  }
}

/** What ends in its start is started again, as an orchestrator would: the registry too has lost its connections. */
async function startAll(drill: Drill): Promise<void> {
  await Promise.all(
    Object.values(drill.mesh.instances)
      .flat()
      .map((one) =>
        until(() => one.start().then(() => true), { withinMs: 90_000, everyMs: 500, what: one.name }),
      ),
  );
}

/** As docs/operate/backup.md has it. */
async function runRestore(drill: Drill, lostAt: number): Promise<Record<string, unknown>> {
  const { stack } = drill.mesh;
  const command = fileURLToPath(new URL("../../../deploy/restore/main.ts", import.meta.url));
  const args = [command, "--json", "--lost-at", new Date(lostAt).toISOString()];
  const env = {
    PATH: process.env.PATH,
    WAMESH_KAFKA_BROKERS: stack.kafkaBrokers,
    WAMESH_REGISTRY_URL: stack.registryUrl,
    WAMESH_POSTGRES_URL: stack.postgresUrl,
  };
  const { stdout } = await until(() => promisify(execFile)(process.execPath, args, { env }), {
    withinMs: 60_000,
    everyMs: 1_000,
    what: "npm run restore",
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}
