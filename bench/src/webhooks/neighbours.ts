/**
 * Forty-eight healthy endpoints beside a dead one and one that answers after thirty seconds, against the same forty-eight beside
 * two more healthy ones: the same events at the same pace, and the time from Kafka's acknowledgement to the POST.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "@wamesh/testing";
import { patience } from "../dispatch/patience.ts";
import { pairedRatio } from "../report.ts";
import { percentile, rounded } from "../statistics.ts";
import type { WebhookFigures } from "./figures.ts";
import type { Listener, Rig } from "./rig.ts";

const healthyCount = 48;
const tickMs = 25;

export async function neighbours(rig: Rig): Promise<Partial<WebhookFigures>> {
  const { pairs } = rig.sizes;
  const { url, deadUrl, slowUrl } = rig.receiver;
  // Tenants take turns: the two sick ones and their stand-ins are of tenants that have healthy ones too.
  const all = await rig.listeners(healthyCount + 4, (n) =>
    n === healthyCount ? deadUrl : n === healthyCount + 1 ? slowUrl : url(),
  );
  const healthy = all.slice(0, healthyCount);
  const sick = all.slice(healthyCount, healthyCount + 2);
  const standIns = all.slice(healthyCount + 2);
  for (const one of sick) await rig.setStatus(one, "disabled");

  const beside = async (others: readonly Listener[]) => {
    // What the phase before has left is not this one's.
    await rig.settled([...healthy, ...standIns]);
    const taken = await latencies(rig, healthy, others);
    const p99 = percentile(taken, 0.99);
    const whom = others === sick ? "sick" : "healthy";
    rig.log(
      `  beside ${whom} ones: median ${rounded(percentile(taken, 0.5), 1)} ms, p99 ${rounded(p99, 1)} ms`,
    );
    return p99;
  };
  const { a, b, ratio } = await pairedRatio(
    pairs,
    async () => {
      for (const one of sick) await rig.setStatus(one, "active");
      const p99 = await beside(sick);
      for (const one of sick) await rig.setStatus(one, "disabled");
      await rig.forget(sick);
      rig.receiver.cutSlow();
      return p99;
    },
    () => beside(standIns),
  );
  rig.log(
    `  p99 of healthy endpoints: beside sick ones ${rounded(a, 1)} ms, beside healthy ones ${rounded(b, 1)} ms`,
  );
  return { healthy_p99_ratio: rounded(ratio, 2), healthy_p99_ms: rounded(a, 1) };
}

/** Milliseconds, one for each event of the healthy ones. Events are handed over at their pace, whether or not the last ones came. */
async function latencies(
  rig: Rig,
  healthy: readonly Listener[],
  others: readonly Listener[],
): Promise<number[]> {
  const { neighbourEvents: count, neighbourPerS } = rig.sizes;
  const everyone = [...healthy, ...others];
  const { ids, hand } = rig.prepared(everyone, count);
  const measured = new Set(ids.filter((_, n) => n % everyone.length < healthy.length));
  const handedAt = new Map<string, number>();
  const receivedAt = new Map<string, number>();
  const ignore = rig.receiver.onEvent((id, at) => {
    if (measured.has(id) && !receivedAt.has(id)) receivedAt.set(id, at);
  });
  try {
    const handing: Promise<void>[] = [];
    const begun = performance.now();
    for (let at = 0; at < count; ) {
      const due = Math.min(count, Math.ceil(((performance.now() - begun) * neighbourPerS) / 1000));
      const [from, to] = [at, due];
      if (to > from)
        handing.push(
          hand(from, to).then(() => {
            const now = performance.now();
            for (const id of ids.slice(from, to)) handedAt.set(id, now);
          }),
        );
      at = to;
      await sleep(tickMs);
    }
    await Promise.all(handing);
    await until(() => receivedAt.size === measured.size, patience);
    // The worker may have it before the producer hears that the broker has it.
    return [...receivedAt].map(([id, at]) => Math.max(0, at - handedAt.get(id)!));
  } finally {
    ignore();
  }
}
