/** A part of a partition's log, read once and in order, without a group: for what asks the log what happened. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Codec, Topic } from "@wamesh/events";
import type { Cluster, KafkaMessage } from "kafkajs";
import { type KafkaOptions, newClient } from "./client.ts";
import { clusterOf } from "./cluster.ts";
import { type ConsumedRecord, readRecords, type Skip } from "./read.ts";

export type Scan<Record_> = {
  topic: Topic<Record_>;
  codec: Codec;
  partition: number;
  /** First offset wanted; what is no longer there is passed over. */
  from: number;
  /** Offset after the last one wanted. */
  to: number;
  skip?: Skip;
  /** Part by part. Records that can't be read are left out. */
  apply: (records: readonly ConsumedRecord<Record_>[]) => void;
};

const maxBytes = 4 * 1024 * 1024;
const maxWaitMs = 200;
/** A tail that compaction has emptied is never handed over. */
const believedEmpty = 10;
const pauseMs = 50;

/** Resolves when the part is read; rejects when the broker or the registry is away. */
export async function scanLog<Record_>(options: KafkaOptions, scan: Scan<Record_>): Promise<void> {
  const { topic, partition, to } = scan;
  if (scan.from >= to) return;
  const { kafka: client, sever } = newClient(options);
  const cluster = clusterOf(client);
  try {
    await cluster.connect();
    await cluster.addTargetTopic(topic.name);
    const partitions = [{ partition }];
    const [low] = await cluster.fetchTopicsOffset([{ topic: topic.name, partitions, fromBeginning: true }]);
    let next = Math.max(scan.from, Number(low!.partitions[0]!.offset));
    for (let empty = 0; next < to && empty < believedEmpty; ) {
      const messages = (await fetchFrom(cluster, topic.name, partition, next)).filter(
        ({ offset, value }) => Number(offset) >= next && value !== null,
      );
      if (messages.length === 0) {
        empty++;
        await sleep(pauseMs);
        continue;
      }
      empty = 0;
      const wanted = messages.filter(({ offset }) => Number(offset) < to);
      scan.apply((await readRecords(topic, wanted, scan.codec, scan.skip)).records);
      next = Number(messages.at(-1)!.offset) + 1;
    }
  } finally {
    await cluster.disconnect().catch(() => {});
    sever();
  }
}

async function fetchFrom(
  cluster: Cluster,
  topic: string,
  partition: number,
  offset: number,
): Promise<KafkaMessage[]> {
  const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
  if (nodeId === undefined) throw new Error(`${topic}: partition ${partition} has no leader`);
  const broker = await cluster.findBroker({ nodeId });
  const answer = (await broker.fetch({
    maxWaitTime: maxWaitMs,
    minBytes: 1,
    maxBytes,
    isolationLevel: 0,
    topics: [{ topic, partitions: [{ partition, fetchOffset: String(offset), maxBytes }] }],
  })) as { responses: { partitions: { messages: KafkaMessage[] }[] }[] };
  return answer.responses.flatMap(({ partitions }) => partitions.flatMap(({ messages }) => messages));
}
