/** Statuses from their topic to fifty endpoints, each settled: from the first handed to Kafka to the last outcome written. */
import { until } from "@wamesh/testing";
import { patience } from "../dispatch/patience.ts";
import { rounded } from "../statistics.ts";
import type { WebhookFigures } from "./figures.ts";
import type { Rig } from "./rig.ts";

export async function deliveries(rig: Rig): Promise<Partial<WebhookFigures>> {
  const { deliveries: count } = rig.sizes;
  const listeners = await rig.listeners(50, () => rig.receiver.url());
  const pass = async () => {
    const { hand } = rig.prepared(listeners, count);
    const before = { ...rig.cpuUs(), received: rig.receiver.received() };
    const begun = performance.now();
    for (let at = 0; at < count; at += 1000) await hand(at, at + 1000);
    // Before, nothing may wait because not all is fanned out yet.
    await until(() => rig.receiver.received() >= before.received + count, { ...patience, everyMs: 5 });
    await rig.settled(listeners);
    const ms = performance.now() - begun;
    const after = rig.cpuUs();
    return {
      ms,
      workerUs: (after.worker - before.worker) / count,
      storeUs: (after.postgres - before.postgres) / count,
    };
  };
  await pass();
  await rig.broughtIntoUse();
  const { ms, workerUs, storeUs } = await pass();
  rig.log(
    `  ${count} deliveries in ${Math.round(ms)} ms; CPU µs per delivery: worker ${rounded(workerUs, 0)}, Postgres ${rounded(storeUs, 0)}`,
  );
  return {
    deliveries_per_s: Math.round((count * 1000) / ms),
    cpu_us_per_delivery: rounded(workerUs + storeUs, 0),
  };
}
