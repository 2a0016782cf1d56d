/** The dispatch path: from the lanes' topics through the dispatcher as it is deployed and the stub, to published statuses. */

import { rounded } from "../../statistics.ts";
import type { DispatchFigures } from "../figures.ts";
import type { Rig } from "../rig.ts";

export async function dispatchPath(rig: Rig): Promise<Partial<DispatchFigures>> {
  const { dispatchMessages: messages } = rig.sizes;
  const schedule = await rig.schedule();
  const actors = await rig.cast.sessions({ name: "path", count: 50, tenants: 10, ratePerS: 1000 });
  const broadcast = Array.from({ length: messages }, (_, i) => actors[i % actors.length]!);
  await rig.hand(broadcast, "standard");
  // It may send before it says that it is ready.
  const earlier = rig.stub.received();
  const dispatcher = await rig.dispatcher(schedule);
  try {
    await rig.stub.until(earlier + messages);
    await schedule.published();
    await schedule.broughtIntoUse();

    const hand = rig.prepared(broadcast, "standard");
    const before = { cpu: dispatcher.cpuUs(), postgres: rig.postgresCpuUs(), received: rig.stub.received() };
    const begun = performance.now();
    await hand();
    await rig.stub.until(before.received + messages);
    await schedule.published();
    const ms = performance.now() - begun;
    const dispatcherUs = (dispatcher.cpuUs() - before.cpu) / messages;
    const storeUs = (rig.postgresCpuUs() - before.postgres) / messages;
    rig.log(
      `  ${messages} messages in ${Math.round(ms)} ms; CPU µs per message: dispatcher ${rounded(dispatcherUs, 0)}, ` +
        `Postgres ${rounded(storeUs, 0)}`,
    );
    return {
      dispatch_per_s: Math.round((messages * 1000) / ms),
      cpu_us_per_message: rounded(dispatcherUs + storeUs, 0),
    };
  } finally {
    await dispatcher.stop();
  }
}
