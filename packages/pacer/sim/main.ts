/** `npm run sim`: many seeds over two threads, or one seed with its story. */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { explain } from "./seeds.ts";
import type { Found, Range } from "./worker.ts";

const help = `npm run sim -- [options]

Simulates the paced queue: several processes, a schedule, a provider and a consumer group in virtual time,
with crashes, pauses, stolen leases, outages and clock steps; every run is judged against the queue's promises.

  --seeds N    how many seeds (10000)
  --from S     the first of them (1)
  --seed S     only this one, with its faults and the tail of its trace
  --workers N  threads (as many as processors, at most 8)
  --help

The exit status is 1 when a promise was broken.`;

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "10000" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    workers: { type: "string", default: String(Math.min(8, availableParallelism())) },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(help);
else if (values.seed !== undefined) {
  const story = explain(whole(values.seed));
  console.log(story);
  if (story.includes("BROKEN")) process.exitCode = 1;
} else await simulate(whole(values.from), whole(values.seeds), Math.max(1, whole(values.workers)));

async function simulate(from: number, seeds: number, workers: number): Promise<void> {
  const startedAt = performance.now();
  const perRange = 50;
  let next = from;
  const end = from + seeds;
  const total: Found = { seeds: 0, messages: 0, writes: 0, faults: 0, broken: [] };
  const isTerminal = process.stdout.isTTY;

  const takeIn = (found: Found) => {
    total.seeds += found.seeds;
    total.messages += found.messages;
    total.writes += found.writes;
    total.faults += found.faults;
    total.broken.push(...found.broken);
    for (const { seed, promise, detail } of found.broken)
      console.log(`${isTerminal ? "\r" : ""}npm run sim -- --seed ${seed}   # ${promise}: ${detail}`);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    const line = `${total.seeds} of ${seeds} seeds, ${total.messages} messages, ${total.broken.length} broken, ${seconds} s`;
    if (isTerminal) process.stdout.write(`\r${line} `);
    else if (total.seeds % 1_000 < found.seeds) console.log(line);
  };

  await Promise.all(
    Array.from({ length: workers }, () => {
      const worker = new Worker(new URL("./worker.ts", import.meta.url));
      return new Promise<void>((resolve, reject) => {
        const give = () => {
          if (next >= end) {
            void worker.terminate();
            resolve();
            return;
          }
          const range: Range = { from: next, count: Math.min(perRange, end - next) };
          next += range.count;
          worker.postMessage(range);
        };
        worker.on("error", reject);
        worker.on("message", (found: Found) => {
          takeIn(found);
          give();
        });
        give();
      });
    }),
  );

  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const { messages, writes, faults, broken } = total;
  console.log(
    `${isTerminal ? "\r" : ""}${total.seeds} seeds in ${seconds} s: ${messages} messages, ${writes} sends, ${faults} faults, ${broken.length} seeds with a broken promise`,
  );
  const [first] = broken.sort((a, b) => a.seed - b.seed);
  if (first === undefined) return;
  console.log(explain(first.seed));
  process.exitCode = 1;
}

function whole(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  console.error(`not a whole number: ${text}`);
  process.exit(2);
}
