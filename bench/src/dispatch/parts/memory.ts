/** What the dispatcher holds at most while a large backlog over many sessions is being sent. */
import type { DispatchFigures } from "../figures.ts";
import type { Rig } from "../rig.ts";

export async function memory(rig: Rig): Promise<Partial<DispatchFigures>> {
  const { memoryBacklog, memorySessions, warmUp, measured } = rig.sizes;
  const schedule = await rig.schedule();
  const actors = await rig.cast.sessions({
    name: "memory",
    count: memorySessions,
    tenants: 100,
    ratePerS: 80,
  });
  await schedule.fill({ count: memoryBacklog, actors });
  const before = rig.stub.received();
  const dispatcher = await rig.dispatcher(schedule);
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, dispatcher.rssMb());
  }, 100);
  try {
    await rig.stub.until(before + warmUp + measured);
    rig.log(`  at most ${most} MB with ${memoryBacklog} waiting over ${memorySessions} sessions`);
    return { rss_mb_1m: most };
  } finally {
    clearInterval(timer);
    await dispatcher.stop();
    await schedule.drop();
  }
}
