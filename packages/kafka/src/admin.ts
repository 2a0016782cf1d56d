/** What a deploy step, a readiness check or a test asks of the brokers. */
import { setTimeout } from "node:timers/promises";
import kafkajs from "kafkajs";
import { type Acl, createAcls, deleteAcls, listAcls } from "./acls.ts";
import { type KafkaOptions, newClient } from "./client.ts";
import type { GroupPosition } from "./consumer.ts";
import { setOffsets } from "./group-offsets.ts";

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
  /** Null when there is no such topic. `config` holds what was set on the topic itself, `replicas` the fewest of a partition. */
  describe(
    topic: string,
  ): Promise<{ partitions: number; replicas: number; config: Record<string, string> } | null>;
  /** As `describe`, for a user who may not see settings. */
  partitions(topic: string): Promise<number | null>;
  /** The same of several; null: there is no such topic, or this user may not see it. */
  partitionCounts(names: readonly string[]): Promise<Map<string, number | null>>;
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
  /**
   * Sets a group to these offsets, all of them or none; rejects with GroupHasMembers while a process reads in it. One that it
   * never had is made.
   */
  setOffsets(groupId: string, positions: readonly GroupPosition[]): Promise<void>;
  /** Sets a group back to the beginning of the topics. The group must have no members. */
  resetOffsets(groupId: string, topics: readonly string[]): Promise<void>;
  /** Deletes the records below the given offsets. */
  truncate(topic: string, before: readonly { partition: number; offset: string }[]): Promise<void>;
  /** What is allowed, to anybody from any host. What is denied is not told. */
  acls(): Promise<Acl[]>;
  createAcls(acls: readonly Acl[]): Promise<void>;
  deleteAcls(acls: readonly Acl[]): Promise<void>;
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
  async function partitionsOf(names: readonly string[]): Promise<Map<string, kafkajs.PartitionMetadata[]>> {
    const there = new Set(await admin.listTopics());
    const asked = names.filter((name) => there.has(name));
    if (asked.length === 0) return new Map();
    const { topics } = await admin.fetchTopicMetadata({ topics: asked });
    return new Map(topics.map(({ name, partitions }) => [name, partitions]));
  }
  // One after the other: of a topic asked for while kafkajs reads its metadata for another one, it may find no partition.
  let offsetsAsked: Promise<unknown> = Promise.resolve();
  return {
    partitions: async (topic) => (await partitionsOf([topic])).get(topic)?.length ?? null,
    async partitionCounts(names) {
      const found = await partitionsOf(names);
      return new Map(names.map((name) => [name, found.get(name)?.length ?? null]));
    },
    clusterId: async () => (await admin.describeCluster()).clusterId,
    async describe(topic) {
      const partitions = (await partitionsOf([topic])).get(topic);
      if (partitions === undefined) return null;
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }],
      });
      const entries = resources[0]?.configEntries ?? [];
      return {
        partitions: partitions.length,
        replicas: Math.min(...partitions.map(({ replicas }) => replicas.length)),
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
      // Once every partition answers.
      if (created) await whenReady(() => admin.fetchTopicOffsets(name));
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
      const asked = offsetsAsked.then(() => admin.fetchTopicOffsets(topic));
      offsetsAsked = asked.catch(() => {});
      const ranges = await asked;
      return ranges
        .map(({ partition, low, high }) => ({ partition, low, high }))
        .sort((a, b) => a.partition - b.partition);
    },
    async committed(groupId, topic) {
      // A broker that has just started is not yet the coordinator that it is named as, and kafkajs does not ask again for that.
      const [found] = await whenReady(() => admin.fetchOffsets({ groupId, topics: [topic] }));
      return (found?.partitions ?? []).map(({ partition, offset }) => ({
        partition,
        offset: Number(offset) < 0 ? null : offset,
      }));
    },
    setOffsets: (groupId, positions) => setOffsets(kafka, groupId, positions),
    async resetOffsets(groupId, topics) {
      for (const topic of topics) await admin.resetOffsets({ groupId, topic, earliest: true });
    },
    async truncate(topic, before) {
      // kafkajs wants to know the topic's leaders, but does not ask for them here.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [...before] });
    },
    acls: () => listAcls(admin),
    createAcls: (acls) => createAcls(admin, acls),
    deleteAcls: (acls) => deleteAcls(admin, acls),
    async close() {
      await admin.disconnect();
      sever();
    },
  };
}

/** Kafka's code for "set on the topic itself", DYNAMIC_TOPIC_CONFIG. */
const ownConfig = 1;

const answeringWithinMs = 10_000;

/** Asks again while the brokers say that they are not ready for it yet. */
async function whenReady<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const deadline = performance.now() + answeringWithinMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const notYet = error instanceof kafkajs.KafkaJSProtocolError && error.retriable;
      if (!notYet || performance.now() > deadline) throw error;
      await setTimeout(50);
    }
  }
}
