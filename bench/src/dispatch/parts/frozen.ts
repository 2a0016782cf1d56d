/** Messages of a tenant's other sessions while one session's provider takes messages and never answers, against without it. */

import { pairedRatio } from "../../report.ts";
import { percentile, rounded } from "../../statistics.ts";
import type { DispatchFigures } from "../figures.ts";
import { latencies } from "../latency.ts";
import type { Rig } from "../rig.ts";

/** More than the frozen session may have open at once. */
const forFrozen = 200;

export async function frozenSession(rig: Rig): Promise<Partial<DispatchFigures>> {
  const { pairs, neighbourMessages: count } = rig.sizes;
  const schedule = await rig.schedule();
  const [frozen, ...others] = await rig.cast.sessions({ name: "frozen", count: 6, tenants: 1, ratePerS: 80 });
  const dispatcher = await rig.dispatcher(schedule);
  const measure = async () => {
    const taken = await latencies(rig, { actors: others, lane: "standard", count, everyMs: 20 });
    return percentile(taken, 0.99);
  };
  const withFrozen = async () => {
    rig.stub.freeze(frozen!.number);
    await rig.hand(Array(forFrozen).fill(frozen!), "standard");
    const p99 = await measure();
    rig.stub.thaw(frozen!.number);
    // What it had open stays in doubt; the rest leaves now.
    await schedule.claimed();
    return p99;
  };
  try {
    const { a, b, ratio } = await pairedRatio(pairs, withFrozen, measure);
    rig.log(`  p99 beside a frozen session ${rounded(a, 1)} ms, without ${rounded(b, 1)} ms`);
    return { frozen_session_ratio: rounded(ratio, 2) };
  } finally {
    await dispatcher.stop();
    await schedule.drop();
  }
}
