/** One idempotent kafkajs producer: a producer id of its own, and connections that can be cut. */
import type { Message, TopicMessages } from "kafkajs";
import { type Client, type KafkaOptions, newClient } from "./client.ts";
import { before } from "./deadline.ts";
import type { OutgoingRecord } from "./producer.ts";

export type Connection = {
  send(records: readonly OutgoingRecord[]): Promise<void>;
  sever(): void;
  close(): Promise<void>;
};

/** A kafkajs producer with a producer id of its own. Connects at once; a failure to do so comes with the first `send`. */
export function connect(options: KafkaOptions, deadlineMs: number): Connection {
  const requestTimeoutMs = Math.min(5000, deadlineMs);
  const client: Client = newClient(options, { requestTimeoutMs });
  const producer = client.kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition ?? 0,
    // Its own retries are safe (same sequence numbers) and enough for a moved leader; after a second we begin anew.
    retry: { initialRetryTime: 50, maxRetryTime: 500, multiplier: 2, factor: 0.2, retries: 5 },
  });
  const connected = producer.connect();
  connected.catch(() => {});
  return {
    async send(records) {
      await connected;
      const topicMessages = groupByTopic(records);
      const acknowledged = await producer.sendBatch({ acks: -1, timeout: requestTimeoutMs, topicMessages });
      const left = firstLeftOut(records, acknowledged);
      if (left !== undefined) throw await whyLeftOut(client, left);
    },
    sever: client.sever,
    async close() {
      await before(performance.now() + 2000, producer.disconnect());
      client.sever();
    },
  };
}

/**
 * kafkajs leaves out records, and calls that a success: those of a partition that it knows nothing of, and those whose leader
 * went away in the middle of a request and whose new leader had already answered for other partitions.
 */
export function firstLeftOut<Place extends { topic: string; partition: number }>(
  records: readonly Place[],
  acknowledged: readonly { topicName: string; partition: number }[],
): Place | undefined {
  const places = new Set(acknowledged.map(({ topicName, partition }) => `${topicName}[${partition}]`));
  return records.find(({ topic, partition }) => !places.has(`${topic}[${partition}]`));
}

/** The two look the same in the answer. To take a moved leader for a missing partition would refuse good records for good. */
async function whyLeftOut(
  { kafka }: Client,
  { topic, partition }: Pick<OutgoingRecord, "topic" | "partition">,
): Promise<Error> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const exists = topics[0]?.partitions.some(({ partitionId }) => partitionId === partition) ?? false;
    return exists
      ? new Error(`${topic}[${partition}] has moved to another leader`)
      : new NoSuchPartition(topic, partition);
  } catch (error) {
    return new Error(`${topic}[${partition}] was not acknowledged`, { cause: error });
  } finally {
    await admin.disconnect().catch(() => {});
  }
}

class NoSuchPartition extends Error {
  constructor(topic: string, partition: number) {
    super(`${topic} has no partition ${partition}`);
    this.name = "NoSuchPartition";
  }
}

/** Refusals of the records themselves: repeating them changes nothing. */
const refusals = new Set([
  "MESSAGE_TOO_LARGE",
  "RECORD_LIST_TOO_LARGE",
  "INVALID_RECORD",
  "CORRUPT_MESSAGE",
  "INVALID_TIMESTAMP",
  "INVALID_TOPIC_EXCEPTION",
  "TOPIC_AUTHORIZATION_FAILED",
  "CLUSTER_AUTHORIZATION_FAILED",
  "UNSUPPORTED_COMPRESSION_TYPE",
]);

export function isRefusal(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at.name === "NoSuchPartition") return true;
    if ("type" in at && refusals.has(String(at.type))) return true;
  }
  return false;
}

function groupByTopic(records: readonly OutgoingRecord[]): TopicMessages[] {
  const topics = new Map<string, Message[]>();
  for (const { topic, ...message } of records) {
    const messages = topics.get(topic);
    if (messages === undefined) topics.set(topic, [message]);
    else messages.push(message);
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
}
