/** The records of a broadcast as the mesh writes them: each message accepted, then sent, delivered and read, at a steady pace. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { timeUuid, topics } from "@wamesh/events";
import type { OutgoingRecord } from "@wamesh/kafka";
import { messageStatus, outboundMessage, outgoing } from "@wamesh/testing";
import type { Rig } from "./rig.ts";

const stepMs = 100;
/** So many steps after its acceptance. */
const steps = [
  { after: 2, status: "sent", origin: "mesh" },
  { after: 5, status: "delivered", origin: "provider" },
  { after: 15, status: "read", origin: "provider" },
] as const;

/** Each record's time is that of its making, right before it is handed to Kafka. Returns the ids. */
export async function broadcast(rig: Rig, messages: number): Promise<string[]> {
  const { codec, partitions, producer, sizes } = rig;
  const { tenant, session, account } = rig.tenants[0]!;
  const perStep = Math.ceil((sizes.messagesPerS * stepMs) / 1_000);
  const batches = Math.ceil(messages / perStep);
  const ids = Array.from({ length: messages }, () => timeUuid(Date.now(), randomBytes(10)));
  const about = { tenant, session, account, lane: "bulk", campaign: "cmp_bench" } as const;

  function accepted(id: string): OutgoingRecord {
    const record = outboundMessage({ ...about, message_id: id, accepted_at: Date.now() });
    return outgoing(topics.outboundBulk, codec.encode(topics.outboundBulk, record), { tenant, partitions });
  }

  function told(id: string, status: (typeof steps)[number]): OutgoingRecord {
    const now = Date.now();
    const record = messageStatus({
      ...about,
      message_id: id,
      status: status.status,
      origin: status.origin,
      provider_id: `wamid.${id}`,
      occurred_at: now,
      recorded_at: now,
    });
    return outgoing(topics.messageStatus, codec.encode(topics.messageStatus, record), { tenant, partitions });
  }

  const batch = (n: number) => ids.slice(Math.max(0, n * perStep), Math.max(0, (n + 1) * perStep));
  const begunMs = performance.now();
  for (let n = 0; n < batches + steps.at(-1)!.after; n++) {
    const records = [
      ...batch(n).map(accepted),
      ...steps.flatMap((step) => batch(n - step.after).map((id) => told(id, step))),
    ];
    if (records.length > 0) await producer.send(records);
    const restMs = begunMs + (n + 1) * stepMs - performance.now();
    if (restMs > 0) await sleep(restMs);
  }
  return ids;
}
