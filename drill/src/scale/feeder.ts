/** Keeps a broadcast waiting in the schedule, so that what leaves is what the dispatchers can send and not what was asked for. */
import { setTimeout as delay } from "node:timers/promises";
import type { Drill } from "../drill.ts";
import { hand } from "../traffic.ts";

const perRequest = 100;
/** Serials of the flow's people are below. */
const firstPerson = 100_000;

export type Feeder = { end(): Promise<void> };

/** Hands in bulk messages for every tenant whenever fewer than `least` wait. */
export function startFeeder(drill: Drill, { least, everyMs }: { least: number; everyMs: number }): Feeder {
  let stopping = false;
  let serial = 0;

  async function feed(): Promise<void> {
    const from = serial;
    serial += perRequest;
    await Promise.all(
      drill.tenants.map((tenant, t) =>
        hand(
          {
            tenant,
            lane: "bulk",
            key: `feed-${tenant.id}-${from}`,
            messages: Array.from({ length: perRequest }, (_, i) => ({
              to: `+1555${t + 1}${String(firstPerson + from + i).padStart(6, "0")}`,
              ref: `feed-${t + 1}-${from + i}`,
              lane: "bulk",
            })),
          },
          {
            accepted: (message) => drill.accepted.push(message),
            refused: ({ request, words }) => drill.say(`${request} was not accepted: ${words}`),
          },
        ),
      ),
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
    async end() {
      stopping = true;
      await running;
    },
  };
}
