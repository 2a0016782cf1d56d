/** Three brokers, every topic three times: one is killed in the middle of campaigns, and another once the first is back. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { allTopics } from "@wamesh/events";
import { type Admin, openKafka, type Replicas } from "@wamesh/kafka";
import { until } from "@wamesh/testing/until";
import { startCampaign } from "../broadcast.ts";
import { dwellMs, percentile } from "../check/figures.ts";
import { pauses, seconds } from "../check/pauses.ts";
import type { Drill } from "../drill.ts";
import { startFlow } from "../flow.ts";
import { judge } from "../judge.ts";
import { smallWorld, type World } from "../world.ts";
import { brokenCounts, countsOf } from "./counts.ts";
import { findingsInWords, table } from "./print.ts";
import { inMesh, type Outcome, type Scenario, type ScenarioOptions } from "./scenario.ts";

/** The aim: no tenant is silent for longer, neither at the API nor at the provider. */
const pauseAimS = 10;
const quietMs = 10_000;
const awayMs = 20_000;
const settleMs = 90_000;
const nodes = [1, 2, 3] as const;
/** Of each Cloud API tenant, before each kill: three chunks, so that messages are made while the broker is away. */
const recipients = 1200;
/** At rates that have a campaign last longer than the outage, and its rest not much longer than the drill. */
const world: World = smallWorld.map((tenant) =>
  tenant.provider === "cloud_api" ? { ...tenant, numbers: 2, ratePerS: 20 } : tenant,
);

type Kill = {
  node: number;
  /** Epoch ms. */
  at: number;
  was_controller: boolean;
  leaderless_s: number;
  in_sync_again_s: number;
};

export const brokers: Scenario = {
  name: "brokers",
  about: "three brokers; one is killed -9 in the middle of campaigns, another after the first returned",
  run: (options) =>
    inMesh(
      options,
      {
        world,
        mesh: { brokers: 3, instances: { dispatcher: 2 }, env: { WAMESH_DOUBT_RESOLVE_S: "10" } },
      },
      (drill) => drillBrokers(drill, options),
    ),
};

async function drillBrokers(drill: Drill, options: ScenarioOptions): Promise<Outcome> {
  const admin = await openKafka({
    brokers: drill.mesh.stack.kafkaBrokers,
    clientId: "drill",
    log: () => {},
  }).admin();
  const kills: Kill[] = [];
  const flow = startFlow(drill, { ratePerS: options.ratePerS ?? 24 });
  try {
    await delay(quietMs);
    for (let time = 0; time < 2; time++) {
      const leader = quorumLeader(options.dataDir);
      // The active controller first: then the cluster must find another one before partitions get their leaders.
      const node = leader ?? time + 1;
      await Promise.all(
        drill.tenants
          .filter(({ provider }) => provider === "cloud_api")
          .map((tenant) => startCampaign(drill, tenant, recipients)),
      );
      kills.push(await killAndReturn(drill, admin, node, leader === node));
      await delay(quietMs);
    }
  } finally {
    await flow.end();
    await admin.close();
  }
  const endedAt = Date.now();
  const messageIds = drill.accepted.map(({ id }) => id);
  const judgement = await judge(drill, { messageIds, settleMs, agreeWithinMs: settleMs });
  const silent = pauses(judgement.evidence, { from: flow.begunAt + 2000, to: endedAt });
  const ended = Object.values(drill.mesh.instances)
    .flat()
    .filter((one) => one.pid() === undefined)
    .map(({ name }) => name);
  const counts = countsOf(judgement);
  const report = {
    ...counts,
    refused: flow.refused(),
    pause_s_max: Math.max(silent.accept_pause_s_max, silent.send_pause_s_max),
    ...silent,
    leaderless_s_max: Math.max(...kills.map(({ leaderless_s }) => leaderless_s)),
    dwell_p99_ms: percentile(dwellMs(judgement.evidence), 0.99),
    kills: kills.map((kill) => ({
      ...kill,
      ...pauses(judgement.evidence, { from: kill.at, to: kill.at + awayMs }),
    })),
    processes_ended: ended,
  };
  const broken = [
    ...brokenCounts(counts),
    ...(report.pause_s_max < pauseAimS ? [] : [`a tenant stood still for ${report.pause_s_max} s`]),
    ...(ended.length === 0 ? [] : [`ended by themselves: ${ended.join(", ")}`]),
    ...(report.refused === 0 ? [] : [`${report.refused} requests were refused for good`]),
  ];
  return { report, broken, text: [table(report), ...findingsInWords(judgement)].join("\n") };
}

async function killAndReturn(drill: Drill, admin: Admin, node: number, isController: boolean): Promise<Kill> {
  const broker = drill.mesh.stack.brokers[node - 1];
  if (broker === undefined) throw new Error("this scenario needs the embedded stack; unset WAMESH_STACK");
  drill.say(`kill -9 ${broker.name}${isController ? ", the active controller" : ""}`);
  await broker.kill();
  const at = Date.now();
  const killedAt = performance.now();
  await untilReplicas(admin, "other leaders", (all) => all.every(({ leader }) => leader !== node));
  const leaderlessMs = performance.now() - killedAt;
  drill.say(`every partition has another leader after ${seconds(leaderlessMs)} s`);
  await delay(Math.max(0, awayMs - leaderlessMs));
  drill.say(`${broker.name} starts`);
  await until(() => broker.start().then(() => true), {
    withinMs: 300_000,
    everyMs: 500,
    what: `the start of ${broker.name}`,
  });
  const startedAt = performance.now();
  // As an operator would: the next one may go only when nothing is missing a copy.
  await untilReplicas(admin, "all copies in sync", (all) =>
    all.every(({ inSync }) => inSync === nodes.length),
  );
  const syncedMs = performance.now() - startedAt;
  drill.say(`all copies in sync ${seconds(syncedMs)} s after it was ready`);
  return {
    node,
    at,
    was_controller: isController,
    leaderless_s: seconds(leaderlessMs),
    in_sync_again_s: seconds(syncedMs),
  };
}

async function untilReplicas(
  admin: Admin,
  what: string,
  holds: (all: readonly Replicas[]) => boolean,
): Promise<void> {
  const names = allTopics.map(({ name }) => name);
  await until(async () => holds(await admin.replicas(names)), { withinMs: 120_000, everyMs: 50, what });
}

/** Node id of the active controller, as a node that runs last wrote it down; null when none says. */
function quorumLeader(dataDir: string): number | null {
  for (const node of nodes) {
    const name = node === 1 ? "kafka" : `kafka-${node}`;
    try {
      const file = join(dataDir, "stack", name, "log", "__cluster_metadata-0", "quorum-state");
      const { leaderId } = JSON.parse(readFileSync(file, "utf8")) as { leaderId: number };
      if (leaderId > 0) return leaderId;
    } catch {
      // Written at the first election.
    }
  }
  return null;
}
