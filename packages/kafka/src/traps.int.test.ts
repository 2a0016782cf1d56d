/** What kafkajs 2.2.4 would do otherwise, each on the real broker; the rest of these traps stand beside their files. */
import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";
import { topics } from "@wamesh/events";
import { messageStatus, outgoing, stack, type TestKafka, testKafka, until } from "@wamesh/testing";
import kafkajs from "kafkajs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Consumer, Producer } from "./index.ts";

let mesh: TestKafka;
let producer: Producer;
const consumers: Consumer[] = [];

beforeAll(async () => {
  mesh = await testKafka();
  producer = mesh.kafka.producer();
});
afterAll(async () => {
  await Promise.all(consumers.map((consumer) => consumer.stop()));
  await producer.close();
  await mesh.drop();
});

test("an idle connection wakes nobody: kafkajs would re-arm a timer every millisecond", async () => {
  const topic = await mesh.topic(topics.messageStatus);
  const codec = await mesh.codec(topic);
  const idle = mesh.kafka.producer();
  await idle.send([outgoing(topic, codec.encode(topic, messageStatus()), { partition: 0 })]);
  const timers = vi.spyOn(globalThis, "setTimeout");
  const started = performance.now();
  await until(() => performance.now() - started > 500, { everyMs: 100 });
  const armed = timers.mock.calls.length;
  timers.mockRestore();
  await idle.close();
  expect(armed).toBeLessThan(50);
});

test("an offset that the log no longer has leads to the log's start, not to its end", async () => {
  const topic = await mesh.topic(topics.messageStatus, { partitions: 1 });
  const codec = await mesh.codec(topic);
  const produce = (ids: string[]) =>
    producer.send(
      ids.map((id) =>
        outgoing(topic, codec.encode(topic, messageStatus({ event_id: id })), { partition: 0 }),
      ),
    );
  const groupId = mesh.group();
  const seen: string[] = [];
  const open = () =>
    mesh.kafka.consume({
      groupId,
      topics: [topic],
      codec,
      deadLetter: { service: "test", producer },
      handle: async ({ records }) => {
        for (const { record } of records) seen.push(record.event_id);
      },
    });
  await produce(["0", "1"]);
  const first = await open();
  await until(() => seen.length === 2);
  await first.stop();
  await produce(["2", "3", "4", "5"]);
  const admin = await mesh.kafka.admin();
  await admin.truncate(topic.name, [{ partition: 0, offset: "4" }]);
  expect(await admin.offsets(topic.name)).toEqual([{ partition: 0, low: "4", high: "6" }]);
  await admin.close();
  consumers.push(await open());
  await until(() => seen.length === 4);
  expect(seen).toEqual(["0", "1", "4", "5"]);
});

test("a group set back reads everything again", async () => {
  const topic = await mesh.topic(topics.messageStatus, { partitions: 1 });
  const codec = await mesh.codec(topic);
  await producer.send([outgoing(topic, codec.encode(topic, messageStatus()), { partition: 0 })]);
  const groupId = mesh.group();
  let seen = 0;
  const open = () =>
    mesh.kafka.consume({
      groupId,
      topics: [topic],
      codec,
      deadLetter: { service: "test", producer },
      handle: async ({ records }) => {
        seen += records.length;
      },
    });
  const first = await open();
  await until(() => seen === 1);
  await first.stop();
  const admin = await mesh.kafka.admin();
  await admin.resetOffsets(groupId, [topic.name]);
  await admin.close();
  consumers.push(await open());
  await until(() => seen === 2);
});

describe("compression that kafkajs can't read", () => {
  const zstd = promisify(zstdCompress);
  const codecs = kafkajs.CompressionCodecs as Record<number, unknown>;

  /** Writes as a core application with another client would: compressed with zstd. */
  async function produceZstd(name: string, value: Buffer): Promise<void> {
    const client = new kafkajs.Kafka({
      brokers: stack().kafkaBrokers.split(","),
      logLevel: kafkajs.logLevel.NOTHING,
    });
    const foreign = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    const before = codecs[kafkajs.CompressionTypes.ZSTD];
    codecs[kafkajs.CompressionTypes.ZSTD] = () => ({
      compress: (encoder: { buffer: Buffer }) => zstd(encoder.buffer),
      decompress: () => Promise.reject(new Error("not for reading")),
    });
    try {
      await foreign.connect();
      await foreign.send({
        topic: name,
        compression: kafkajs.CompressionTypes.ZSTD,
        messages: [{ key: "acme", value, partition: 0, headers: { tenant: "acme" } }],
      });
    } finally {
      await foreign.disconnect();
      codecs[kafkajs.CompressionTypes.ZSTD] = before;
    }
  }

  test("is undone by the broker where foreign producers write", async () => {
    const topic = await mesh.topic(topics.messageStatus, {
      partitions: 1,
      config: { "compression.type": "gzip" },
    });
    const codec = await mesh.codec(topic);
    await produceZstd(topic.name, codec.encode(topic, messageStatus({ event_id: "z" })));
    const seen: string[] = [];
    consumers.push(
      await mesh.kafka.consume({
        groupId: mesh.group(),
        topics: [topic],
        codec,
        deadLetter: { service: "test", producer },
        handle: async ({ records }) => {
          for (const { record } of records) seen.push(record.event_id);
        },
      }),
    );
    await until(() => seen.length === 1);
    expect(seen).toEqual(["z"]);
  });

  test("elsewhere it stops the process, which would otherwise stay up and read nothing", async () => {
    const topic = await mesh.topic(topics.messageStatus, { partitions: 1 });
    const codec = await mesh.codec(topic);
    await produceZstd(topic.name, codec.encode(topic, messageStatus()));
    const fatal: Error[] = [];
    consumers.push(
      await mesh.kafka.consume({
        groupId: mesh.group(),
        topics: [topic],
        codec,
        deadLetter: { service: "test", producer },
        onFatal: (error) => fatal.push(error),
        handle: async () => {},
      }),
    );
    await until(() => fatal.length > 0);
    expect(String(fatal[0])).toContain("ZSTD");
  });
});

test("a topic has its leaders once it is made: the controller answers before the broker knows of it", async () => {
  const admin = await mesh.kafka.admin();
  const names = Array.from({ length: 30 }, () => `test.${mesh.group()}`);
  for (const name of names) {
    expect(await admin.createTopic({ name, partitions: 8, replicationFactor: 1, config: {} })).toBe(true);
    expect(await admin.offsets(name)).toHaveLength(8);
  }
  await admin.deleteTopics(names);
  await admin.close();
});
