import { setTimeout as sleep } from "node:timers/promises";
import { compactedKey, type SessionState, type Topic, topics } from "@wamesh/events";
import { outgoing, sessionState, stack, type TestKafka, testKafka, until, wire } from "@wamesh/testing";
import kafkajs from "kafkajs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Kafka, Producer, Table } from "./index.ts";

let mesh: TestKafka;
let producer: Producer;
const tables: Table[] = [];

beforeAll(async () => {
  mesh = await testKafka();
  producer = mesh.kafka.producer();
});
afterAll(async () => {
  await Promise.all(tables.map((table) => table.stop()));
  await producer.close();
  await mesh.drop();
});

type SessionTopic = Topic<SessionState>;

const compacted = { config: { "cleanup.policy": "compact" } };

async function write(topic: SessionTopic, session: string, version: number, partition = 0): Promise<void> {
  const codec = await mesh.codec(topic);
  const value = codec.encode(topic, sessionState({ session, version }));
  await producer.send([outgoing(topic, value, { partition, key: compactedKey("acme", "session", session) })]);
}

async function read(topic: SessionTopic, kafka: Kafka = mesh.kafka) {
  const seen = new Map<string, number>();
  const table = await kafka.table({
    topic,
    codec: await mesh.codec(topic),
    apply: (key, { version }) => seen.set(key, version),
  });
  tables.push(table);
  return { table, seen };
}

const key = (session: string) => compactedKey("acme", "session", session);

test("is ready once all partitions were read to their end, the empty ones included", async () => {
  const topic = await mesh.topic(topics.sessionState, { partitions: 8, ...compacted });
  await write(topic, "s1", 1, 0);
  await write(topic, "s1", 2, 0);
  await write(topic, "s2", 5, 7);
  const { table, seen } = await read(topic);
  await table.ready;
  expect(seen).toEqual(
    new Map([
      [key("s1"), 2],
      [key("s2"), 5],
    ]),
  );
});

test("is ready on an empty topic", async () => {
  const { table, seen } = await read(await mesh.topic(topics.sessionState, { partitions: 3, ...compacted }));
  await table.ready;
  expect(seen.size).toBe(0);
  expect(table.freshMs()).toBeLessThan(5000);
});

test("is ready when the log ends with something that is no record", async () => {
  const topic = await mesh.topic(topics.sessionState, { partitions: 1, ...compacted });
  const codec = await mesh.codec(topic);
  const client = new kafkajs.Kafka({
    brokers: stack().kafkaBrokers.split(","),
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const transactional = client.producer({
    transactionalId: topic.name,
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  await transactional.connect();
  const transaction = await transactional.transaction();
  const value = codec.encode(topic, sessionState());
  await transaction.send({
    topic: topic.name,
    messages: [{ key: key("session-1"), value, partition: 0, headers: { tenant: "acme" } }],
  });
  await transaction.commit();
  await transactional.disconnect();
  const admin = await mesh.kafka.admin();
  // The record and the marker that ends its transaction.
  await until(async () => (await admin.offsets(topic.name))[0]?.high === "2");
  await admin.close();

  const { table, seen } = await read(topic);
  await table.ready;
  expect([...seen.keys()]).toEqual([key("session-1")]);
  await write(topic, "later", 1);
  await until(() => seen.has(key("later")));
});

test("a change is seen within a fraction of a second", async () => {
  const topic = await mesh.topic(topics.sessionState, { partitions: 2, ...compacted });
  const { table, seen } = await read(topic);
  await table.ready;
  const delays: number[] = [];
  for (let version = 1; version <= 10; version++) {
    await write(topic, "s", version, 1);
    const written = performance.now();
    await until(() => seen.get(key("s")) === version, { everyMs: 1 });
    delays.push(performance.now() - written);
  }
  expect(delays.sort((a, b) => a - b)[5]).toBeLessThan(250);
});

test("a cut-off table grows stale, and catches up by itself", async () => {
  const topic = await mesh.topic(topics.sessionState, { partitions: 2, ...compacted });
  const line = wire();
  const { table, seen } = await read(topic, mesh.open({ connect: line.connect }));
  await table.ready;
  line.cut();
  await until(() => table.freshMs() > 1500);
  await write(topic, "s", 3);
  expect(seen.size).toBe(0);
  line.mend();
  await until(() => seen.get(key("s")) === 3);
  expect(table.freshMs()).toBeLessThan(1000);
});

test("is not ready while the brokers are away from the start", async () => {
  const topic = await mesh.topic(topics.sessionState, { partitions: 1, ...compacted });
  const line = wire();
  line.cut();
  const { table } = await read(topic, mesh.open({ connect: line.connect }));
  const early = await Promise.race([table.ready.then(() => "ready"), sleep(500, "not ready")]);
  expect(early).toBe("not ready");
  expect(table.freshMs()).toBe(Number.POSITIVE_INFINITY);
  line.mend();
  await table.ready;
});

test("a log cut at its beginning is read from where it begins now", async () => {
  const topic = await mesh.topic(topics.sessionState, {
    partitions: 1,
    config: { "cleanup.policy": "compact,delete" },
  });
  for (const version of [1, 2, 3]) await write(topic, `s${version}`, version);
  const admin = await mesh.kafka.admin();
  await admin.truncate(topic.name, [{ partition: 0, offset: "2" }]);
  const { table, seen } = await read(topic);
  await table.ready;
  expect([...seen.keys()]).toEqual([key("s3")]);
  await admin.close();
});

test("a log cut beyond what was read, while the table was away, is read on from where it begins now", async () => {
  const topic = await mesh.topic(topics.sessionState, {
    partitions: 2,
    config: { "cleanup.policy": "compact,delete" },
  });
  await write(topic, "s1", 1);
  const line = wire();
  const { table, seen } = await read(topic, mesh.open({ connect: line.connect }));
  await table.ready;
  line.cut();
  await until(() => table.freshMs() > 500);
  for (const session of ["s2", "s3", "s4"]) await write(topic, session, 1);
  const admin = await mesh.kafka.admin();
  await admin.truncate(topic.name, [{ partition: 0, offset: "3" }]);
  await admin.close();
  line.mend();
  await until(() => seen.has(key("s4")));
  expect([...seen.keys()]).toEqual([key("s1"), key("s4")]);
  await until(() => table.freshMs() < 500);
});

test("what can't be read or names another tenant is left out, the rest is applied", async () => {
  const topic = await mesh.topic(topics.sessionState, { partitions: 1, ...compacted });
  const codec = await mesh.codec(topic);
  const value = codec.encode(topic, sessionState({ session: "stolen" }));
  await producer.send([
    outgoing(topic, Buffer.from("no Avro"), { partition: 0, key: key("x") }),
    outgoing(topic, value, { partition: 0, key: compactedKey("globex", "session", "stolen") }),
    outgoing(topic, null, { partition: 0, key: key("tombstone") }),
  ]);
  await write(topic, "good", 1);
  const logged: string[] = [];
  const { table, seen } = await read(
    topic,
    mesh.open({ log: (_level, message, facts) => logged.push(`${message}: ${facts?.code}`) }),
  );
  await table.ready;
  expect([...seen.keys()]).toEqual([key("good")]);
  expect(logged).toEqual([
    "record left out of a table: undecodable",
    "record left out of a table: tenant_mismatch",
  ]);
});

test("from a time on, what was written before is not read, and it is ready also where nothing came since", async () => {
  const topic = await mesh.topic(topics.sessionState, { partitions: 2 });
  await write(topic, "before", 1, 0);
  await sleep(50);
  const fromMs = Date.now();
  await sleep(50);
  await write(topic, "after", 1, 1);
  const seen: string[] = [];
  const table = await mesh.kafka.table({
    topic,
    codec: await mesh.codec(topic),
    apply: (_key, { session }) => void seen.push(session),
    fromMs,
  });
  tables.push(table);
  await table.ready;
  expect(seen).toEqual(["after"]);
  await write(topic, "later", 1, 0);
  await until(() => seen.length === 2);
  expect(seen).toEqual(["after", "later"]);
});

test("it says how long ago it knew all there was, and an idle log does not make that longer", async () => {
  const topic = await mesh.topic(topics.sessionState, { partitions: 2 });
  const codec = await mesh.codec(topic);
  let applied = 0;
  const table = await mesh.kafka.table({ topic, codec, apply: () => void applied++, idleMs: 50 });
  tables.push(table);
  await table.ready;
  await until(() => table.currentMs() < 200);
  const written = performance.now();
  await write(topic, "s1", 1);
  // Once it is current since the write was acknowledged, the record has been applied.
  const acknowledged = performance.now();
  expect(acknowledged).toBeGreaterThan(written);
  await until(() => performance.now() - table.currentMs() > acknowledged);
  expect(applied).toBe(1);
});
