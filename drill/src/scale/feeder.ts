/** Keeps a broadcast waiting in the schedule, so that what leaves is what the dispatchers can send and not what was asked for. */
import { setTimeout as delay } from "node:timers/promises";
import { startCampaign, untilMade } from "../broadcast.ts";
import type { Drill } from "../drill.ts";

const recipients = 500;
const madeWithinMs = 60_000;

export type Feeder = { campaigns(): number; end(): Promise<void> };

/** Starts a campaign of every tenant whenever fewer than `least` messages wait. */
export function startFeeder(drill: Drill, { least, everyMs }: { least: number; everyMs: number }): Feeder {
  let stopping = false;
  let campaigns = 0;

  async function feed(): Promise<void> {
    await Promise.all(
      drill.tenants.map(async (tenant) => {
        const id = await startCampaign(drill, tenant, recipients);
        campaigns++;
        await untilMade(tenant, id, madeWithinMs);
      }),
    );
  }

  async function run(): Promise<void> {
    while (!stopping) {
      const [found] = await drill.sql<{ waiting: number }[]>`
        select count(*)::int as waiting from dispatch.pending`;
      if ((found?.waiting ?? 0) < least) await feed();
      else await delay(everyMs);
    }
  }

  const running = run();
  return {
    campaigns: () => campaigns,
    async end() {
      stopping = true;
      await running;
    },
  };
}
