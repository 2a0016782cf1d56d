/** The door to Kafka; nothing is connected until it is used. */
import { type Codec, type Topic, topics } from "@wamesh/events";
import { accessOf, type Part } from "./access.ts";
import { checkAccess } from "./access-check.ts";
import { type Admin, openAdmin } from "./admin.ts";
import type { KafkaOptions } from "./client.ts";
import { type ConsumeOptions, type Consumer, openConsumer } from "./consumer.ts";
import { partitionProblem } from "./partition-check.ts";
import { openProducer, type Producer, type ProducerOptions } from "./producer.ts";
import { openReader, type Reader } from "./reader.ts";
import { type Scan, scanLog } from "./scan.ts";
import { openTable, type Table, type TableOptions } from "./table.ts";

export type Kafka = {
  /**
   * Rejects when this user may not do all that the part does, or a topic of it is missing or has a number of partitions that can't
   * be right; the message names each topic, group and the remedy.
   */
  checkAccess(part: Part): Promise<void>;
  /** Id of the cluster: offsets mean nothing in another one. */
  clusterId(): Promise<string>;
  /** How many partitions the topic has, as the broker says; fixed for life. */
  partitions(topic: string): Promise<number>;
  producer(options?: ProducerOptions): Producer;
  /** Resolves once the group was joined. Rejects when the broker is away or a topic does not exist. */
  consume<T extends Topic<unknown>>(options: ConsumeOptions<T>): Promise<Consumer>;
  table<Record_>(options: TableOptions<Record_>): Promise<Table>;
  /** Reads single records again; connects at the first question. */
  reader<Record_>(options: { topic: Topic<Record_>; codec: Codec }): Reader<Record_>;
  /** Reads a part of one partition, once. */
  scan<Record_>(scan: Scan<Record_>): Promise<void>;
  admin(): Promise<Admin>;
};

export function openKafka(options: KafkaOptions): Kafka {
  let clusterId: Promise<string> | null = null;
  const counts = new Map<string, Promise<number>>();

  async function ask<Answer>(question: (admin: Admin) => Promise<Answer>): Promise<Answer> {
    const admin = await openAdmin(options);
    try {
      return await question(admin);
    } finally {
      await admin.close();
    }
  }

  const kafka: Kafka = {
    async checkAccess(part) {
      await checkAccess(options, part);
      const { reads, writes } = accessOf(part);
      const counts = await ask((admin) => admin.partitionCounts([...new Set([...reads, ...writes])]));
      const problem = partitionProblem(counts);
      if (problem !== null) throw new Error(problem);
    },
    clusterId() {
      clusterId ??= ask((admin) => admin.clusterId()).catch((error: unknown) => {
        clusterId = null;
        throw error;
      });
      return clusterId;
    },
    partitions(topic) {
      let count = counts.get(topic);
      if (count === undefined) {
        count = ask((admin) => admin.partitions(topic)).then((found) => {
          if (found === null) throw new Error(`there is no topic ${topic}; run \`npm run deploy\``);
          return found;
        });
        counts.set(topic, count);
        count.catch(() => counts.delete(topic));
      }
      return count;
    },
    producer: (producerOptions) => openProducer(options, producerOptions),
    async consume(consumeOptions) {
      const [id, deadPartitions] = await Promise.all([kafka.clusterId(), kafka.partitions(topics.dead.name)]);
      return openConsumer({ ...options, clusterId: id, deadPartitions }, consumeOptions);
    },
    table: (tableOptions) => openTable(options, tableOptions),
    reader: (readerOptions) => openReader(options, readerOptions),
    scan: (scan) => scanLog(options, scan),
    admin: () => openAdmin(options),
  };
  return kafka;
}
