/** How long messages take from the broker's acknowledgement to the provider, one after the other. */
import { setTimeout as sleep } from "node:timers/promises";
import type { OutboundMessage } from "@wamesh/events";
import { until } from "@wamesh/testing";
import type { Actor } from "./cast.ts";
import { patience } from "./patience.ts";
import type { Rig } from "./rig.ts";

/** Milliseconds, one for each message. Actors take turns; a message is handed over every `everyMs`, whether or not the last one came. */
export async function latencies(
  rig: Rig,
  options: { actors: readonly Actor[]; lane: OutboundMessage["lane"]; count: number; everyMs: number },
): Promise<number[]> {
  const { actors, lane, count, everyMs } = options;
  const handedAt = new Map<string, number>();
  const receivedAt = new Map<string, number>();
  const ignore = rig.stub.onReceipt(({ messageId, at }) => {
    // The second of a message would flatter a duplicate.
    if (!receivedAt.has(messageId)) receivedAt.set(messageId, at);
  });
  try {
    const handing: Promise<void>[] = [];
    for (let i = 0; i < count; i++) {
      handing.push(
        rig.hand([actors[i % actors.length]!], lane).then(([id]) => {
          handedAt.set(id!, performance.now());
        }),
      );
      await sleep(everyMs);
    }
    await Promise.all(handing);
    await until(() => [...handedAt.keys()].every((id) => receivedAt.has(id)), patience);
    // The dispatcher may have it before the producer hears that the broker has it.
    return [...handedAt].map(([id, at]) => Math.max(0, receivedAt.get(id)! - at));
  } finally {
    ignore();
  }
}
