/** Traffic without faults for as long as is asked for, and what it does to memory, descriptors, tables and disks. */
import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { coresBusy, usedUs } from "../cores.ts";
import type { Drill } from "../drill.ts";
import { startFlow } from "../flow.ts";
import { type Judgement, judge } from "../judge.ts";
import { plot } from "../plot.ts";
import { heapsAfterCollection, inspected } from "../soak/heap.ts";
import { logBytes, type ProcessSample, sampleProcesses, sampleStore } from "../soak/sample.ts";
import { leastOf, type Minute, type Series, seriesOf } from "../soak/series.ts";
import { judgeSeries, type Verdict, warmUpShare } from "../soak/verdict.ts";
import { wideWorld } from "../world.ts";
import { brokenCounts, countsOf } from "./counts.ts";
import { findingsInWords, table } from "./print.ts";
import { inMesh, type Outcome, type Scenario, type ScenarioOptions } from "./scenario.ts";

const defaultMinutes = 30;
const defaultRatePerS = 60;
/** Six looks a minute, of which the least counts. */
const looks = 6;
const minuteMs = 60_000;
const settleMs = 120_000;

export const soak: Scenario = {
  name: "soak",
  about: "even traffic for --minutes; memory, descriptors, dead rows, table sizes and disk must be flat",
  run: (options) =>
    inMesh(options, { world: wideWorld, mesh: { env: inspected } }, (drill) => soakDrill(drill, options)),
};

async function soakDrill(drill: Drill, options: ScenarioOptions): Promise<Outcome> {
  const ratePerS = options.ratePerS ?? defaultRatePerS;
  const length = options.minutes ?? defaultMinutes;
  const minutes: Minute[] = [];
  const flow = startFlow(drill, { ratePerS });
  const begun = { atMs: performance.now(), usedUs: usedUs(drill) };
  try {
    while (minutes.length < length) {
      const before = drill.accepted.length;
      const processes = await leastOfMinute(drill);
      minutes.push({
        minute: minutes.length + 1,
        messages: new Set(drill.accepted.slice(before).map(({ id }) => id)).size,
        processes,
        heapKeptMb: await heapsAfterCollection(drill.mesh, options.dataDir),
        store: await sampleStore(drill.sql),
        kafkaBytes: kafkaBytes(options.dataDir),
      });
      const last = minutes.at(-1) as Minute;
      // So that a soak that is cut short has not been for nothing.
      appendFileSync(join(options.dataDir, "minutes.jsonl"), `${JSON.stringify(last)}\n`);
      drill.say(inWords(last));
    }
  } finally {
    await flow.end();
  }
  const cores = coresBusy(begun.usedUs, usedUs(drill), performance.now() - begun.atMs);
  const messageIds = drill.accepted.map(({ id }) => id);
  const judgement = await judge(drill, { messageIds, settleMs });
  return outcome(minutes, judgement, { ratePerS, cores, refused: flow.refused() });
}

async function leastOfMinute(drill: Drill): Promise<ProcessSample> {
  const samples: ProcessSample[] = [];
  for (let look = 0; look < looks; look++) {
    await delay(minuteMs / looks);
    samples.push(await sampleProcesses(drill.mesh));
  }
  return leastOf(samples);
}

function kafkaBytes(dataDir: string): number {
  return ["kafka", "kafka-2", "kafka-3"]
    .map((name) => join(dataDir, "stack", name, "log"))
    .filter((dir) => existsSync(dir))
    .reduce((sum, dir) => sum + logBytes(dir), 0);
}

function inWords({ minute, messages, processes, store }: Minute): string {
  const { kafka = 0, redis = 0, ...services } = processes.rss_mb;
  const rss = Object.values(services).reduce((sum, mb) => sum + mb, 0);
  const dead = Object.values(store.dead_rows).reduce((sum, rows) => sum + rows, 0);
  return `minute ${minute}: ${messages} messages, ${Math.round(rss)} MB resident in the services (Kafka ${Math.round(kafka)}, Redis ${Math.round(redis)}), ${dead} dead rows, ${store.outbox_rows} not published`;
}

function outcome(
  minutes: readonly Minute[],
  judgement: Judgement,
  { ratePerS, cores, refused }: { ratePerS: number; cores: number; refused: number },
): Outcome {
  const series = seriesOf(minutes);
  const verdicts = series.map((one) => judgeSeries(one, minutes.length));
  const rising = verdicts.filter(({ flat }) => flat === false);
  const counts = countsOf(judgement);
  const report = {
    minutes: minutes.length,
    asked_per_s: ratePerS,
    cores_busy: cores,
    ...counts,
    refused,
    series_judged: verdicts.filter(({ flat }) => flat !== null).length,
    series_rising: rising.length,
    warm_up_minutes: Number((minutes.length * warmUpShare).toFixed(1)),
    verdicts,
    series: series.map(({ panel, name, unit, points }) => ({ panel, name, unit, points })),
  };
  const judged = verdicts.some(({ flat }) => flat !== null);
  return {
    report,
    files: { ".svg": plot(`${minutes.length} minutes at ${ratePerS} messages/s`, panelsOf(series)) },
    text: [table(report), ...rising.map(risingInWords), ...findingsInWords(judgement)].join("\n"),
    broken: [
      ...brokenCounts(counts),
      ...(refused === 0 ? [] : [`${refused} requests were refused for good`]),
      ...(rising.length === 0 ? [] : [`${rising.length} series rise`]),
      ...(judged ? [] : ["too short to judge anything; give it --minutes 10 or more"]),
    ],
  };
}

function panelsOf(series: readonly Series[]) {
  return [...Map.groupBy(series, ({ panel }) => panel)].map(([title, lines]) => ({
    title,
    unit: lines.every(({ unit }) => unit === lines[0]?.unit) ? (lines[0]?.unit ?? "") : "",
    lines,
  }));
}

function risingInWords({ panel, name, first, last, rose, allowed, unit }: Verdict): string {
  return `  rises: ${panel} of ${name}, from ${first} to ${last} ${unit} (by ${rose}, allowed ${allowed})`;
}
