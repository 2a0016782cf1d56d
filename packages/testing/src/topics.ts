/** Topics of one test: of a record the mesh knows, under a name nobody else uses. */
import { randomBytes } from "node:crypto";
import { type Codec, createCodec, type Topic, topics } from "@wamesh/events";
import { type Kafka, type KafkaOptions, openKafka } from "@wamesh/kafka";
import { registerSchemas } from "../../../deploy/schemas.ts";
import { ensureTopics } from "../../../deploy/topics.ts";
import { stack } from "./stack.ts";

export type TestKafka = {
  kafka: Kafka;
  /** Creates an empty topic with the record of `like`. Default 2 partitions. */
  topic<Record_>(
    like: Topic<Record_>,
    options?: { partitions?: number; config?: Record<string, string> },
  ): Promise<Topic<Record_>>;
  /** Knows the given topics and wa.dead. */
  codec(...topics: Topic<unknown>[]): Promise<Codec>;
  /** The same brokers through another connection: with a wire, a log or a client id of one's own. */
  open(options: Partial<KafkaOptions>): Kafka;
  /** A group id nobody else uses. */
  group(): string;
  /** For `afterAll`: deletes the topics made here. */
  drop(): Promise<void>;
};

let deployed: Promise<void> | undefined;

/** The catalogue's topics and schemas on the test stack; once per test file, and idempotent between files. */
export function deployTopics(): Promise<void> {
  const { kafkaBrokers, registryUrl } = stack();
  const kafka = openKafka({ brokers: kafkaBrokers, clientId: "test-deploy", log: () => {} });
  deployed ??= ensureTopics({ kafka, profile: "local", replicationFactor: 1, log: () => {} }).then(() =>
    registerSchemas({ registryUrl, log: () => {} }),
  );
  return deployed;
}

export async function testKafka(): Promise<TestKafka> {
  await deployTopics();
  const { kafkaBrokers, registryUrl } = stack();
  const kafka = openKafka({ brokers: kafkaBrokers, clientId: "test", log: () => {} });
  const made: string[] = [];
  const unique = () => randomBytes(5).toString("hex");
  return {
    kafka,
    async topic(like, { partitions = 2, config = {} } = {}) {
      const name = `test.${unique()}.${like.record}`;
      const admin = await kafka.admin();
      await admin.createTopic({ name, partitions, replicationFactor: 1, config });
      await admin.close();
      made.push(name);
      return { ...like, name };
    },
    codec: (...known) => createCodec({ registryUrl, topics: [...known, topics.dead] }),
    open: (over) => openKafka({ brokers: kafkaBrokers, clientId: "test", log: () => {}, ...over }),
    group: () => `test-${unique()}`,
    async drop() {
      const admin = await kafka.admin();
      if (made.length > 0) await admin.deleteTopics(made);
      await admin.close();
    },
  };
}
