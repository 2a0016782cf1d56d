/** What a deploy step, a readiness check or a test asks of the brokers. */
import { setTimeout } from "node:timers/promises";
import kafkajs from "kafkajs";
import { type KafkaOptions, newClient } from "./client.ts";

export type TopicSpec = {
  name: string;
  partitions: number;
  replicationFactor: number;
  config: Record<string, string>;
};

export type Replicas = { topic: string; partition: number; leader: number; inSync: number; all: number };

export type LogRange = { partition: number; low: string; high: string };

export type Admin = {
  clusterId(): Promise<string>;
  /** Null when there is no such topic. `config` holds what was set on the topic itself. */
  describe(topic: string): Promise<{ partitions: number; config: Record<string, string> } | null>;
  /** False when it exists already, whatever it looks like. */
  createTopic(spec: TopicSpec): Promise<boolean>;
  setConfig(topic: string, config: Record<string, string>): Promise<void>;
  deleteTopics(names: readonly string[]): Promise<void>;
  /** Who leads each partition, by node id, and how many of its copies are in sync. Rejects while one has no leader. */
  replicas(topics: readonly string[]): Promise<Replicas[]>;
  /** First offset kept and offset after the last, per partition: what a cursor is checked against. */
  offsets(topic: string): Promise<LogRange[]>;
  /** Offset from which a group goes on, per partition; null where it has committed none. */
  committed(groupId: string, topic: string): Promise<{ partition: number; offset: string | null }[]>;
  /** Sets a group back to the beginning of the topics. The group must have no members. */
  resetOffsets(groupId: string, topics: readonly string[]): Promise<void>;
  /** Deletes the records below the given offsets. */
  truncate(topic: string, before: readonly { partition: number; offset: string }[]): Promise<void>;
  close(): Promise<void>;
};

export async function openAdmin(options: KafkaOptions): Promise<Admin> {
  const { kafka, sever } = newClient(options);
  const admin = kafka.admin();
  try {
    await admin.connect();
  } catch (error) {
    sever();
    throw error;
  }
  return {
    clusterId: async () => (await admin.describeCluster()).clusterId,
    async describe(topic) {
      if (!(await admin.listTopics()).includes(topic)) return null;
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }],
      });
      const entries = resources[0]?.configEntries ?? [];
      return {
        partitions: topics[0]!.partitions.length,
        config: Object.fromEntries(
          entries
            .filter(({ configSource }) => Number(configSource) === ownConfig)
            .map(({ configName, configValue }) => [configName, configValue]),
        ),
      };
    },
    async createTopic({ name, partitions, replicationFactor, config }) {
      const created = await admin.createTopics({
        // The answer comes from the controller; a broker may hear of the topic a moment later, and kafkajs, waiting for
        // leaders, would take that for a failure.
        waitForLeaders: false,
        topics: [
          {
            topic: name,
            numPartitions: partitions,
            replicationFactor,
            configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
          },
        ],
      });
      if (created) await untilAnswering(admin, name);
      return created;
    },
    async setConfig(topic, config) {
      const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
      await admin.alterConfigs({
        validateOnly: false,
        resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }],
      });
    },
    deleteTopics: (names) => admin.deleteTopics({ topics: [...names] }),
    async replicas(names) {
      const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
      return topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionId, leader, isr, replicas }) => ({
          topic: name,
          partition: partitionId,
          leader,
          inSync: isr.length,
          all: replicas.length,
        })),
      );
    },
    async offsets(topic) {
      const ranges = await admin.fetchTopicOffsets(topic);
      return ranges
        .map(({ partition, low, high }) => ({ partition, low, high }))
        .sort((a, b) => a.partition - b.partition);
    },
    async committed(groupId, topic) {
      const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
      return (found?.partitions ?? []).map(({ partition, offset }) => ({
        partition,
        offset: Number(offset) < 0 ? null : offset,
      }));
    },
    async resetOffsets(groupId, topics) {
      for (const topic of topics) await admin.resetOffsets({ groupId, topic, earliest: true });
    },
    async truncate(topic, before) {
      // kafkajs wants to know the topic's leaders, but does not ask for them here.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [...before] });
    },
    async close() {
      await admin.disconnect();
      sever();
    },
  };
}

/** Kafka's code for "set on the topic itself", DYNAMIC_TOPIC_CONFIG. */
const ownConfig = 1;

const answeringWithinMs = 10_000;

/** Resolves once every partition answers. */
async function untilAnswering(admin: kafkajs.Admin, topic: string): Promise<void> {
  const deadline = performance.now() + answeringWithinMs;
  for (;;) {
    try {
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      const notYet = error instanceof kafkajs.KafkaJSProtocolError && error.retriable;
      if (!notYet || performance.now() > deadline) throw error;
      await setTimeout(50);
    }
  }
}
