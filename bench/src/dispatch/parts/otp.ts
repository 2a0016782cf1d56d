/**
 * OTPs with nothing else to do, and while a broadcast of their own tenant and of another one is admitted and sent: from the
 * broker's acknowledgement to the provider. They leave through sessions that send the broadcast too.
 */

import { percentile, rounded } from "../../statistics.ts";
import type { DispatchFigures } from "../figures.ts";
import { latencies } from "../latency.ts";
import type { Rig } from "../rig.ts";

export async function otp(rig: Rig): Promise<Partial<DispatchFigures>> {
  const { otps, bulk } = rig.sizes;
  const schedule = await rig.schedule();
  const actors = await rig.cast.sessions({ name: "otp", count: 20, tenants: 2, ratePerS: 80 });
  const own = actors.filter(({ tenant }) => tenant === actors[0]!.tenant);
  const dispatcher = await rig.dispatcher(schedule);
  const send = (count: number) => latencies(rig, { actors: own, lane: "otp", count, everyMs: 50 });
  try {
    await send(Math.ceil(otps / 5));
    const idle = await send(otps);
    rig.log(`  idle: p50 ${rounded(percentile(idle, 0.5), 1)}, p99 ${rounded(percentile(idle, 0.99), 1)} ms`);
    await rig.hand(
      Array.from({ length: bulk }, (_, i) => actors[i % actors.length]!),
      "bulk",
    );
    const loaded = await send(otps);
    const [p50, p99] = [percentile(loaded, 0.5), percentile(loaded, 0.99)];
    const waiting = await schedule.pending();
    rig.log(
      `  under load: p50 ${rounded(p50, 1)}, p99 ${rounded(p99, 1)} ms; ${waiting} still waited at the end`,
    );
    // Or the next dispatcher would find the rest of them in the topic.
    await schedule.admitted(bulk);
    return {
      otp_idle_p99_ms: rounded(percentile(idle, 0.99), 1),
      otp_loaded_p99_ms: rounded(p99, 1),
    };
  } finally {
    await dispatcher.stop();
    await schedule.drop();
  }
}
