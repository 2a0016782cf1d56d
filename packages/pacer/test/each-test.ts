/** To import is to have it: a schedule of its own for each test of the file, and pacers on it that end with the test. */
import { afterEach, beforeEach } from "vitest";
import { type Bench, bench, freshSchedule, type Schedule } from "./schedule.ts";

export let schedule: Schedule;
let open: Bench[];

beforeEach(async () => {
  schedule = await freshSchedule();
  open = [];
});

afterEach(async () => {
  for (const { pacer } of open) await pacer.stop();
  await schedule.end();
});

/** A pacer that owns shard 0. */
export function start(options: Parameters<typeof bench>[1] = {}): Bench {
  const one = joined(bench(schedule, options));
  one.pacer.own(0);
  return one;
}

/** Stopped with the test. */
export function joined(one: Bench): Bench {
  open.push(one);
  return one;
}
