/** One of the threads of `npm run sim`: takes ranges of seeds, tells what it found. */
import { parentPort } from "node:worker_threads";
import { type Figures, runSeed } from "./seeds.ts";

export type Range = { from: number; count: number };
export type Found = Omit<Figures, "violations"> & {
  seeds: number;
  broken: { seed: number; promise: string; detail: string }[];
};

parentPort?.on("message", ({ from, count }: Range) => {
  const found: Found = { seeds: count, messages: 0, writes: 0, faults: 0, broken: [] };
  for (let seed = from; seed < from + count; seed++) {
    try {
      const { messages, writes, faults, violations } = runSeed(seed);
      found.messages += messages;
      found.writes += writes;
      found.faults += faults;
      const [first] = violations;
      if (first !== undefined) found.broken.push({ seed, ...first });
    } catch (error) {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      found.broken.push({ seed, promise: "no error", detail });
    }
  }
  parentPort!.postMessage(found);
});
