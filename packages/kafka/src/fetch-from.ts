/** One fetch from the leader of a partition, outside of any group. */
import type { Cluster, KafkaMessage } from "kafkajs";

type Answer = { responses: { partitions: { messages: KafkaMessage[] }[] }[] };

export type Fetch = {
  topic: string;
  partition: number;
  offset: number;
  maxBytes: number;
  /** How long the broker holds a fetch that finds nothing. */
  maxWaitMs: number;
};

/** Whole batches, so that messages below the offset may be among them. Rejects while the partition has no leader. */
export async function fetchFrom(
  cluster: Cluster,
  { topic, partition, offset, maxBytes, maxWaitMs }: Fetch,
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
  })) as Answer;
  return answer.responses.flatMap(({ partitions }) => partitions.flatMap(({ messages }) => messages));
}
