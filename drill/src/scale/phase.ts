/** What happens between two steps: how much left, and whose processor time it took. */
import { setTimeout as delay } from "node:timers/promises";
import { ledgerTotals } from "@wamesh/testing/outside";
import { coresBusy, usedUs } from "../cores.ts";
import type { Drill } from "../drill.ts";

export type Phase = {
  dispatchers: number;
  /** Processes of every other service. */
  others: number;
  seconds: number;
  sent_per_s: number;
  /** Cores that everything on the list took together. */
  cores_busy: number;
  /** Processor time by service (all its processes) and server, per message that left. */
  cpu_us_per_message: Record<string, number>;
  /** Epoch ms. */
  begun_at: number;
  ended_at: number;
};

export async function measurePhase(
  drill: Drill,
  { dispatchers, others, forMs }: { dispatchers: number; others: number; forMs: number },
): Promise<Phase> {
  const begunAt = Date.now();
  const before = { cpu: usedUs(drill), sent: (await ledgerTotals(drill.mesh.simulator)).received };
  await delay(forMs);
  const after = { cpu: usedUs(drill), sent: (await ledgerTotals(drill.mesh.simulator)).received };
  const endedAt = Date.now();
  const seconds = (endedAt - begunAt) / 1000;
  const sent = after.sent - before.sent;
  const spent = Object.entries(after.cpu).map(([name, us]): [string, number] => [
    name,
    us - (before.cpu[name] ?? us),
  ]);
  return {
    dispatchers,
    others,
    seconds: Number(seconds.toFixed(1)),
    sent_per_s: Number((sent / seconds).toFixed(1)),
    cores_busy: coresBusy(before.cpu, after.cpu, endedAt - begunAt),
    cpu_us_per_message: Object.fromEntries(
      spent.map(([name, us]) => [name, sent === 0 ? 0 : Math.round(us / sent)]),
    ),
    begun_at: begunAt,
    ended_at: endedAt,
  };
}
