/** The lane topics into the schedule: which records enter, and which shards this process should own. */
import { type Codec, laneTopics, type OutboundMessage } from "@wamesh/events";
import type { Batch, Consumer, Dead, Kafka, Producer } from "@wamesh/kafka";
import type { NewItem, Pacer } from "@wamesh/pacer";
import { admissible, type Known } from "./admission.ts";
import { type BeforeCommit, groups } from "./groups.ts";
import type { ShardMeasures } from "./metrics.ts";

export function consumeLanes(deps: {
  kafka: Kafka;
  codec: Codec;
  producer: Producer;
  known: Known;
  pacer: Pick<Pacer, "admit" | "own" | "disown">;
  shards: Pick<ShardMeasures, "wanted" | "left">;
  beforeCommit: BeforeCommit;
  onFatal: (error: Error) => void;
}): Promise<Consumer> {
  const follow = follower(deps.pacer, deps.shards);
  return deps.kafka.consume({
    groupId: groups.lanes,
    topics: [laneTopics.otp, laneTopics.standard, laneTopics.bulk],
    codec: deps.codec,
    deadLetter: { service: "dispatcher", producer: deps.producer },
    concurrency: 8,
    // Small, so that a bulk backlog does not delay an OTP.
    maxBytesPerPartition: 64 * 1024,
    maxBytes: 512 * 1024,
    // To admit 500 in one go stops sending for 100 ms, and takes a claim's commit 250 ms to get past.
    maxRecords: 100,
    // From a planned stop until its heirs hear of it, its shards are nobody's.
    heartbeatMs: 500,
    beforeCommit: deps.beforeCommit,
    onFatal: deps.onFatal,
    onAssignment: (partitions) => follow(new Set(Object.values(partitions).flat())),
    handle: admit,
  });

  /** Twice is harmless: the cursor, committed with the items, drops what it has seen, and known ids are dropped beyond it. */
  async function admit(batch: Batch<OutboundMessage>): Promise<readonly Dead[]> {
    const dead: Dead[] = [];
    const items: NewItem[] = [];
    for (const record of batch.records) {
      const where = { topic: batch.topic, offset: record.offset, headers: record.headers };
      const admitted = admissible(record.record, where, deps.known);
      if (admitted.kind === "item") items.push(admitted.item);
      else dead.push({ record, reason: admitted.reason, messageId: record.record.message_id });
    }
    // While the group rebalances nobody may wait for a shard: who does not come back in time is put out of the group without
    // knowing it, and keeps the shards that others have been given.
    const { conflicts } = await deps.pacer.admit(
      {
        shard: batch.partition,
        cluster: batch.clusterId,
        topic: batch.topic,
        partition: batch.partition,
        nextOffset: batch.nextOffset,
        items,
      },
      batch.signal,
    );
    for (const { id } of conflicts) {
      const record = batch.records.find((one) => one.record.message_id === id);
      if (record === undefined) continue;
      const reason = {
        code: "fingerprint_conflict",
        fault_class: "content" as const,
        provider_code: null,
        detail: "the same message id came before with another body",
      };
      dead.push({ record, reason, messageId: id });
    }
    return dead;
  }
}

/**
 * The group says who should own a shard, the lease says who does. Only what a rebalance really moves changes hands; sending
 * goes on meanwhile. A shard given back at once is wanted again when its hand-over is through.
 */
export function follower(
  pacer: Pick<Pacer, "own" | "disown">,
  measures: Pick<ShardMeasures, "wanted" | "left">,
): (wanted: ReadonlySet<number>) => void {
  let current: ReadonlySet<number> = new Set();
  return (wanted) => {
    const beganMs = performance.now();
    const before = current;
    current = wanted;
    const own = (shard: number) => {
      measures.wanted(shard);
      pacer.own(shard);
    };
    for (const shard of wanted) if (!before.has(shard)) own(shard);
    for (const shard of before)
      if (!wanted.has(shard))
        void pacer.disown(shard).then(() => {
          measures.left(performance.now() - beganMs);
          if (current.has(shard)) own(shard);
        });
  };
}
