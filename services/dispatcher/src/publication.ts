/** What the schedule's changes become on the topics: encoded when they happen, sent in order by the outbox's publisher. */
import { type Codec, eventHeaders, topics } from "@wamesh/events";
import type { OutgoingRecord, Producer } from "@wamesh/kafka";
import { counter } from "@wamesh/metrics";
import type { Change, Item } from "@wamesh/pacer";
import { contentTokenOf } from "./content-token.ts";
import { type Followed, isFollowed } from "./look-ups/follow.ts";
import { type FramedRecord, frame, unframe } from "./outbox-frame.ts";
import { leavingOf, traceOf, unpackPayload } from "./payload.ts";
import { deadLetterOf, statusOf } from "./status.ts";

const source = "/wamesh/dispatcher";

export function createDescribe(codec: Codec, tokenKey: string): (item: Item, change: Change) => Uint8Array {
  return (item, change) => {
    const { record } = unpackPayload(item.payload);
    const trace = traceOf(item.payload);
    const status = statusOf(item, leavingOf(item.payload), change, contentTokenOf(record, tokenKey));
    const framed: FramedRecord[] = [
      {
        topic: "status",
        facts: {
          id: status.event_id,
          type: `wamesh.message.${status.status}`,
          source,
          timeMs: status.occurred_at,
          subject: status.message_id,
          tenant: status.tenant,
          status: status.status,
        },
        trace,
        ...(isFollowed(status) && { followed: status }),
        value: codec.encode(topics.messageStatus, status),
      },
    ];
    const letter = deadLetterOf(item, record, change);
    if (letter !== null)
      framed.push({
        topic: "dead",
        facts: {
          id: letter.dead_id,
          type: "wamesh.dead",
          source,
          timeMs: letter.occurred_at,
          subject: letter.message_id,
          tenant: record.tenant,
        },
        trace,
        reason: {
          code: letter.reason.code,
          faultClass: letter.reason.fault_class,
          origin: letter.origin_topic,
        },
        value: codec.encode(topics.dead, letter),
      });
    return frame(framed);
  };
}

/**
 * Both topics have as many partitions as the lanes: a shard's records stay in its partition. What has to be looked up is written
 * down before anybody hears of it: the answer to a status must find its message.
 */
export function createPublish(
  producer: Pick<Producer, "send">,
  follow: (told: readonly { shard: number; status: Followed }[]) => Promise<void>,
): (rows: readonly { shard: number; event: Uint8Array }[]) => Promise<void> {
  const deadLetters = counter("dead_letters_total");
  return async (rows) => {
    const framed = rows.flatMap(({ shard, event }) => unframe(event).map((record) => ({ shard, ...record })));
    const told = framed.flatMap(({ shard, followed: status }) =>
      status === undefined ? [] : [{ shard, status }],
    );
    if (told.length > 0) await follow(told);
    await producer.send(
      framed.map(
        ({ shard, topic, facts, trace, value }): OutgoingRecord => ({
          topic: topic === "status" ? topics.messageStatus.name : topics.dead.name,
          partition: shard,
          key: facts.tenant,
          headers: { ...trace, ...eventHeaders(facts) },
          value: Buffer.from(value.buffer, value.byteOffset, value.byteLength),
        }),
      ),
    );
    for (const { reason } of framed)
      if (reason !== undefined)
        deadLetters.add(1, { origin: reason.origin, code: reason.code, fault_class: reason.faultClass });
  };
}
