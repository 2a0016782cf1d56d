/** A quiet tenant's messages beside a loud one that has a broadcast waiting, against the same with the loud one suspended. */
import { setTimeout as sleep } from "node:timers/promises";
import { pairedRatio } from "../../report.ts";
import { percentile, rounded } from "../../statistics.ts";
import type { DispatchFigures } from "../figures.ts";
import { latencies } from "../latency.ts";
import type { Rig } from "../rig.ts";

export async function quietTenant(rig: Rig): Promise<Partial<DispatchFigures>> {
  const { pairs, bulk, neighbourMessages: count } = rig.sizes;
  const schedule = await rig.schedule();
  const loud = await rig.cast.sessions({ name: "loud", count: 20, tenants: 1, ratePerS: 40 });
  const quiet = await rig.cast.sessions({ name: "quiet", count: 5, tenants: 1, ratePerS: 80 });
  const { tenant } = loud[0]!;
  await rig.cast.setTenant(tenant, "suspended");
  await schedule.fill({ count: bulk, actors: loud });
  const dispatcher = await rig.dispatcher(schedule);
  const p99 = (state: "active" | "suspended") => async () => {
    await rig.cast.setTenant(tenant, state);
    // In the middle of a broadcast, or after all of it that was under way.
    if (state === "active") await rig.stub.until(rig.stub.received() + 100);
    else await sleep(500);
    const taken = await latencies(rig, { actors: quiet, lane: "standard", count, everyMs: 20 });
    return percentile(taken, 0.99);
  };
  try {
    const { a, b, ratio } = await pairedRatio(pairs, p99("active"), p99("suspended"));
    rig.log(`  p99 beside a loud tenant ${rounded(a, 1)} ms, alone ${rounded(b, 1)} ms`);
    return { quiet_tenant_ratio: rounded(ratio, 2) };
  } finally {
    await dispatcher.stop();
    await schedule.drop();
  }
}
