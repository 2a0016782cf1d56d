/** Every service gets more processes and fewer again while campaigns go out; measured step by step. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type ServiceName, serviceNames } from "@wamesh/local";
import { until } from "@wamesh/testing/until";
import { resumeS } from "../check/figures.ts";
import { seconds } from "../check/pauses.ts";
import type { Drill } from "../drill.ts";
import { startFlow } from "../flow.ts";
import { type Judgement, judge } from "../judge.ts";
import { plot } from "../plot.ts";
import { startFeeder } from "../scale/feeder.ts";
import { type HandOvers, handOvers, shardEvents } from "../scale/hand-overs.ts";
import { measurePhase, type Phase } from "../scale/phase.ts";
import { logBytes, type StoreSample, sampleStore } from "../soak/sample.ts";
import { wideWorld } from "../world.ts";
import { brokenCounts, countsOf } from "./counts.ts";
import { findingsInWords, table } from "./print.ts";
import { inMesh, type Outcome, type Scenario, type ScenarioOptions } from "./scenario.ts";

/** A shard may be nobody's for so long when dispatchers come and go as planned. */
const handOverAimMs = 2000;
const steps = [
  { dispatchers: 1, others: 1 },
  { dispatchers: 2, others: 1 },
  { dispatchers: 4, others: 1 },
  { dispatchers: 4, others: 3 },
  { dispatchers: 2, others: 3 },
  { dispatchers: 2, others: 1 },
] as const;
/** Little, so that what a dispatcher may have under way limits it before two cores do: a send holds its place for some 100 ms with its writes. */
const inFlight = 4;
const phaseMs = 25_000;
/** Between a step and its measure: new processes read their tables, groups find their balance. */
const calmMs = 5_000;
const leastWaiting = 2000;
const settleMs = 240_000;
/** What tells of the messages gives way while the cores are full, and catches up afterwards. */
const agreeWithinMs = 120_000;

export const scale: Scenario = {
  name: "scale",
  about: "dispatchers 1 → 2 → 4 → 2, every other service 1 → 3 → 1, while campaigns go out",
  run: (options) =>
    inMesh(
      options,
      {
        world: wideWorld,
        mesh: { env: { WAMESH_IN_FLIGHT: String(inFlight), WAMESH_DOUBT_RESOLVE_S: "10" } },
      },
      (drill) => scaleDrill(drill, options),
    ),
};

async function scaleDrill(drill: Drill, { dataDir }: ScenarioOptions): Promise<Outcome> {
  const phases: Phase[] = [];
  const kafkaDir = join(dataDir, "stack", "kafka", "log");
  const empty = { kafka: logBytes(kafkaDir), store: await sampleStore(drill.sql) };
  const moved: number[] = [];
  const flow = startFlow(drill, { ratePerS: 16 });
  const feeder = startFeeder(drill, { least: leastWaiting, everyMs: 500 });
  try {
    for (const [i, { dispatchers, others }] of steps.entries()) {
      const before = steps[i - 1];
      drill.say(`${dispatchers} dispatchers, ${others} of every other service`);
      if (before !== undefined && before.dispatchers !== dispatchers) moved.push(Date.now());
      await Promise.all(
        serviceNames.map((name) => scaleTo(drill, name, wanted(name, { dispatchers, others }))),
      );
      await delay(calmMs);
      const phase = await measurePhase(drill, { dispatchers, others, forMs: phaseMs });
      drill.say(`${phase.sent_per_s} messages/s, ${phase.cores_busy} cores busy`);
      phases.push(phase);
    }
  } finally {
    await Promise.all([flow.end(), feeder.end()]);
  }
  const messageIds = drill.accepted.map(({ id }) => id);
  const judgement = await judge(drill, { messageIds, settleMs, agreeWithinMs });
  const shards = handOvers(dispatcherLogs(dataDir).flatMap(shardEvents));
  const full = { kafka: logBytes(kafkaDir), store: await sampleStore(drill.sql) };
  const messages = new Set(messageIds).size;
  const kept = {
    kafka: Math.round((full.kafka - empty.kafka) / messages),
    postgres: Math.round((storeBytes(full.store) - storeBytes(empty.store)) / messages),
  };
  return outcome({
    phases,
    judgement,
    shards,
    moved,
    kept,
    campaigns: feeder.campaigns(),
    refused: flow.refused(),
    begunAt: flow.begunAt,
  });
}

function storeBytes({ table_bytes, index_bytes }: StoreSample): number {
  return [...Object.values(table_bytes), ...Object.values(index_bytes)].reduce(
    (sum, bytes) => sum + bytes,
    0,
  );
}

/** A process that ends in its start is started again, as an orchestrator would. */
export async function scaleTo(drill: Drill, name: ServiceName, count: number): Promise<void> {
  const scaled = () =>
    drill.mesh.scale(name, count).then(
      () => true,
      (error: Error) => {
        drill.say(`${name}: ${error.message.split("\n", 1)[0]}`);
        throw error;
      },
    );
  await until(scaled, { withinMs: 180_000, everyMs: 1000, what: `${count} processes of ${name}` });
}

function wanted(name: ServiceName, { dispatchers, others }: { dispatchers: number; others: number }): number {
  return name === "dispatcher" ? dispatchers : others;
}

function dispatcherLogs(dataDir: string): string[] {
  const dir = join(dataDir, "logs");
  return readdirSync(dir)
    .filter((name) => name.startsWith("dispatcher"))
    .map((name) => readFileSync(join(dir, name), "utf8"));
}

function outcome(run: {
  phases: readonly Phase[];
  judgement: Judgement;
  shards: HandOvers;
  /** Epoch ms: when the number of dispatchers was changed. */
  moved: readonly number[];
  /** Bytes per message that lie in Kafka's log (one copy) and in tables with their indexes at the end. */
  kept: { kafka: number; postgres: number };
  campaigns: number;
  refused: number;
  begunAt: number;
}): Outcome {
  const { phases, judgement, shards } = run;
  const counts = countsOf(judgement);
  const silences = run.moved.map((at) => resumeS(judgement.evidence, at) ?? 0);
  const report = {
    ...counts,
    campaigns: run.campaigns,
    refused: run.refused,
    hand_overs: shards.planned_ms.length,
    hand_over_s_max: seconds(Math.max(0, ...shards.planned_ms)),
    leases_lost: shards.unplanned,
    sender_silence_s_max: Number(Math.max(0, ...silences).toFixed(2)),
    in_flight_per_dispatcher: inFlight,
    kafka_bytes_per_message: run.kept.kafka,
    postgres_bytes_per_message: run.kept.postgres,
    phases,
  };
  const broken = [
    ...brokenCounts(counts),
    ...(shards.planned_ms.length > 0 ? [] : ["no shard was ever handed over"]),
    ...(report.hand_over_s_max * 1000 <= handOverAimMs
      ? []
      : [`a shard was nobody's for ${report.hand_over_s_max} s`]),
  ];
  return {
    report,
    broken,
    files: { ".svg": picture(run.begunAt, phases, judgement) },
    text: [table(report), phaseTable(phases), ...findingsInWords(judgement)].join("\n"),
  };
}

function phaseTable(phases: readonly Phase[]): string {
  const rows = phases.map(
    ({ dispatchers, others, sent_per_s, cores_busy }) =>
      `  ${String(dispatchers).padEnd(13)}${String(others).padEnd(8)}${String(sent_per_s).padEnd(13)}${cores_busy}`,
  );
  return ["", "  dispatchers  others  messages/s   cores busy", ...rows].join("\n");
}

const binMs = 2000;

function picture(begunAt: number, phases: readonly Phase[], { evidence }: Judgement): string {
  const minute = (at: number) => (at - begunAt) / 60_000;
  const bins = Map.groupBy(
    evidence.arrivals.flatMap(({ receivedAt }) => receivedAt ?? []),
    (at) => Math.floor((at - begunAt) / binMs),
  );
  const last = Math.max(0, ...bins.keys());
  const rate = Array.from({ length: last + 1 }, (_, bin) => ({
    minute: (bin * binMs) / 60_000,
    value: (bins.get(bin)?.length ?? 0) / (binMs / 1000),
  }));
  const stepsOf = (value: (phase: Phase) => number) =>
    phases.flatMap((phase) =>
      [phase.begun_at, phase.ended_at].map((at) => ({ minute: minute(at), value: value(phase) })),
    );
  return plot("More processes and fewer again, while campaigns go out", [
    {
      title: "messages sent",
      unit: "per second",
      lines: [{ name: "at the provider, in 2 s", points: rate }],
    },
    {
      title: "processes",
      unit: "",
      lines: [
        { name: "dispatchers", points: stepsOf(({ dispatchers }) => dispatchers) },
        { name: "of every other service", points: stepsOf(({ others }) => others) },
      ],
    },
    {
      title: "cores busy",
      unit: "",
      lines: [{ name: "mesh, servers, simulator, clients", points: stepsOf(({ cores_busy }) => cores_busy) }],
    },
  ]);
}
