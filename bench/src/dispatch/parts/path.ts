/** The dispatch path: from lanes' topics that are full already, through the dispatcher and the stub, to published statuses. */
import { type DispatchFigures, rounded } from "../figures.ts";
import type { Rig } from "../rig.ts";

export async function dispatchPath(rig: Rig): Promise<Partial<DispatchFigures>> {
  const { dispatchMessages: messages } = rig.sizes;
  const schedule = await rig.schedule();
  const actors = await rig.cast.sessions({ name: "path", count: 50, tenants: 10, ratePerS: 1000 });
  await rig.hand(
    Array.from({ length: messages }, (_, i) => actors[i % actors.length]!),
    "standard",
  );
  // The first receipt starts the clock, not the process: what it reads before it is ready is not its pace.
  let begun: { at: number; postgresUs: number } | null = null;
  const before = rig.stub.received();
  const ignore = rig.stub.onReceipt(() => {
    begun ??= { at: performance.now(), postgresUs: rig.postgresCpuUs() };
  });
  const dispatcher = await rig.dispatcher(schedule);
  try {
    await schedule.admitted(messages);
    await rig.stub.until(before + messages);
    await schedule.published();
    const { at, postgresUs } = begun!;
    const ms = performance.now() - at;
    const dispatcherUs = dispatcher.cpuUs() / messages;
    const storeUs = (rig.postgresCpuUs() - postgresUs) / messages;
    rig.log(
      `  ${messages} messages in ${Math.round(ms)} ms; CPU µs per message: dispatcher ${rounded(dispatcherUs, 0)} ` +
        `(its start included), Postgres ${rounded(storeUs, 0)}`,
    );
    return {
      dispatch_per_s: Math.round((messages * 1000) / ms),
      cpu_us_per_message: rounded(dispatcherUs + storeUs, 0),
    };
  } finally {
    ignore();
    await dispatcher.stop();
  }
}
