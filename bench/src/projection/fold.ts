/** A backlog of statuses that a fresh process finds: from the first batch it has committed to the last. */
import { until } from "@wamesh/testing";
import { patience } from "../dispatch/patience.ts";
import { rounded } from "../statistics.ts";
import type { ProjectionFigures } from "./figures.ts";
import type { Rig } from "./rig.ts";

export async function fold(rig: Rig): Promise<Partial<ProjectionFigures>> {
  const pass = async () => {
    const statuses = await rig.hand(rig.sizes.messages);
    const before = await rig.folded();
    const projector = await rig.projector();
    const first = await until(async () => {
      const folded = await rig.folded();
      return folded > before ? folded : null;
    }, patience);
    const begun = performance.now();
    const cpu = { projector: projector.cpuUs(), postgres: rig.postgresCpuUs() };
    await until(async () => (await rig.folded()) >= rig.handed(), patience);
    const ms = performance.now() - begun;
    const share = (rig.handed() - first) / (rig.handed() - before);
    const us = projector.cpuUs() - cpu.projector + rig.postgresCpuUs() - cpu.postgres;
    await projector.stop();
    // Acceptances are folded on the way, and not counted.
    const counted = statuses * share;
    rig.log(
      `  ${Math.round(counted)} statuses in ${Math.round(ms)} ms, ${rounded(us / counted, 0)} µs of CPU each`,
    );
    return { events_per_s: Math.round((counted * 1_000) / ms), cpu_us_per_event: rounded(us / counted, 0) };
  };
  await pass();
  await rig.sql`checkpoint`;
  return await pass();
}
