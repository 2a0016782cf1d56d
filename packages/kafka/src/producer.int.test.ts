import { topics } from "@wamesh/events";
import { messageStatus, outgoing, type TestKafka, testKafka, until, wire } from "@wamesh/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BrokerUnavailable, type OutgoingRecord, openKafka } from "./index.ts";

let mesh: TestKafka;
beforeAll(async () => {
  mesh = await testKafka();
});
afterAll(() => mesh.drop());

/** What lies in a topic, in the order of each partition, as a consumer with a group of its own reads it. */
async function contents(name: string, count: number): Promise<{ partition: number; id: string }[]> {
  const topic = { ...topics.messageStatus, name };
  const found: { partition: number; id: string }[] = [];
  const producer = mesh.kafka.producer();
  const consumer = await mesh.kafka.consume({
    groupId: mesh.group(),
    topics: [topic],
    codec: await mesh.codec(topic),
    deadLetter: { service: "test", producer },
    handle: async ({ partition, records }) => {
      for (const { record } of records) found.push({ partition, id: record.event_id });
    },
  });
  await until(() => found.length >= count, { what: `${count} records, ${found.length} found` });
  await consumer.stop();
  await producer.close();
  return found;
}

test("concurrent sends keep their order in each partition, and each resolves when its records are in the log", async () => {
  const topic = await mesh.topic(topics.messageStatus);
  const codec = await mesh.codec(topic);
  const producer = mesh.kafka.producer();
  const admin = await mesh.kafka.admin();
  const record = (i: number, partition: number) =>
    outgoing(topic, codec.encode(topic, messageStatus({ event_id: `${i}` })), { partition });
  const first = producer.send([record(0, 0), record(1, 1), record(2, 0)]);
  const rest = Array.from({ length: 300 }, (_, i) => producer.send([record(3 + i, i % 2)]));
  await first;
  const [zero, one] = await admin.offsets(topic.name);
  expect(Number(zero!.high) + Number(one!.high)).toBeGreaterThanOrEqual(3);
  await Promise.all(rest);
  await producer.close();
  await admin.close();

  const found = await contents(topic.name, 303);
  for (const partition of [0, 1]) {
    const ids = found.filter((one) => one.partition === partition).map(({ id }) => Number(id));
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
  }
  expect(new Set(found.map(({ id }) => id)).size).toBe(303);
  expect(found).toHaveLength(303);
});

test("a call larger than a batch may be arrives whole and in order", async () => {
  const topic = await mesh.topic(topics.messageStatus, { partitions: 1 });
  const codec = await mesh.codec(topic);
  const producer = mesh.kafka.producer();
  const external_ref = "x".repeat(2000);
  const records: OutgoingRecord[] = Array.from({ length: 1500 }, (_, i) =>
    outgoing(topic, codec.encode(topic, messageStatus({ event_id: `${i}`, external_ref })), { partition: 0 }),
  );
  await producer.send(records);
  await producer.close();
  const found = await contents(topic.name, 1500);
  expect(found.map(({ id }) => Number(id))).toEqual(Array.from({ length: 1500 }, (_, i) => i));
});

test("a record the broker refuses fails its own call and no other", async () => {
  const topic = await mesh.topic(topics.messageStatus);
  const codec = await mesh.codec(topic);
  const producer = mesh.kafka.producer();
  const good = outgoing(topic, codec.encode(topic, messageStatus()), { partition: 0 });
  const large = { ...good, value: Buffer.alloc(1_200_000) };
  const results = await Promise.allSettled([
    producer.send([good]),
    producer.send([large]),
    producer.send([good]),
  ]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(results[1]).not.toMatchObject({ reason: expect.any(BrokerUnavailable) });
  await producer.close();
});

test("a partition that does not exist is an error: kafkajs would call it a success", async () => {
  const topic = await mesh.topic(topics.messageStatus);
  const producer = mesh.kafka.producer();
  const record = outgoing(topic, Buffer.from("x"), { partition: 7 });
  await expect(producer.send([record])).rejects.toThrow("has no partition 7");
  await producer.close();
});

describe("with the broker away", () => {
  test("send rejects with BrokerUnavailable by its deadline, from a closed port", async () => {
    const kafka = openKafka({ brokers: "127.0.0.1:1", clientId: "test", log: () => {} });
    const producer = kafka.producer({ deadlineMs: 1000 });
    const started = performance.now();
    const record = outgoing({ name: "none" }, Buffer.from("x"), { partition: 0 });
    const results = await Promise.allSettled([producer.send([record]), producer.send([record, record])]);
    expect(performance.now() - started).toBeLessThan(1500);
    for (const result of results)
      expect(result).toMatchObject({ status: "rejected", reason: { name: "BrokerUnavailable" } });
    expect((results[0] as PromiseRejectedResult).reason.retryAfterMs).toBeGreaterThan(0);
    await producer.close();
  });

  test.each(["silence", "cut"] as const)(
    "send rejects by its deadline after a %s, and works again afterwards",
    async (how) => {
      const topic = await mesh.topic(topics.messageStatus, { partitions: 1 });
      const codec = await mesh.codec(topic);
      const line = wire();
      const kafka = mesh.open({ connect: line.connect });
      const producer = kafka.producer({ deadlineMs: 1500 });
      const record = (id: string) =>
        outgoing(topic, codec.encode(topic, messageStatus({ event_id: id })), { partition: 0 });
      await producer.send([record("before")]);
      line[how]();
      const started = performance.now();
      await expect(producer.send([record("during")])).rejects.toBeInstanceOf(BrokerUnavailable);
      expect(performance.now() - started).toBeLessThan(2500);
      line.mend();
      await producer.send([record("after")]);
      await producer.close();
      // In the silence the record did reach the broker, and only the answer was lost: that is why a repetition must be harmless.
      const ids = (await contents(topic.name, how === "cut" ? 2 : 3)).map(({ id }) => id);
      expect(ids[0]).toBe("before");
      expect(ids.at(-1)).toBe("after");
    },
  );

  test("a failure in the middle loses nothing and keeps the order", async () => {
    const topic = await mesh.topic(topics.messageStatus, { partitions: 1 });
    const codec = await mesh.codec(topic);
    const line = wire();
    const kafka = mesh.open({ connect: line.connect });
    const producer = kafka.producer();
    await producer.send([
      outgoing(topic, codec.encode(topic, messageStatus({ event_id: "0" })), { partition: 0 }),
    ]);
    const sends = Array.from({ length: 2000 }, (_, i) =>
      producer.send([
        outgoing(topic, codec.encode(topic, messageStatus({ event_id: `${i + 1}` })), { partition: 0 }),
      ]),
    );
    // While the first batch is on its way.
    setImmediate(() => {
      line.cut();
      line.mend();
    });
    await Promise.all(sends);
    await producer.close();
    const ids = (await contents(topic.name, 2001)).map(({ id }) => Number(id));
    const distinct = [...new Set(ids)];
    expect(distinct).toEqual(Array.from({ length: 2001 }, (_, i) => i));
  });

  test("steady traffic does not keep a slow connection from being made again", async () => {
    const topic = await mesh.topic(topics.messageStatus, { partitions: 1 });
    const codec = await mesh.codec(topic);
    const line = wire();
    const kafka = mesh.open({
      // Longer than the time between two calls.
      connect: (address, onConnect) => line.connect(address, () => setTimeout(onConnect, 150)),
    });
    const producer = kafka.producer({ deadlineMs: 1500 });
    const value = codec.encode(topic, messageStatus());
    const send = () => producer.send([outgoing(topic, value, { partition: 0 })]);
    await send();
    line.cut();
    let succeeded = 0;
    let refused = 0;
    const sending = setInterval(() => {
      send().then(
        () => succeeded++,
        () => refused++,
      );
    }, 20);
    try {
      await until(() => refused > 10, { what: "calls that gave up" });
      const before = succeeded;
      line.mend();
      await until(() => succeeded > before + 10, { withinMs: 5000, what: "calls that get through again" });
    } finally {
      clearInterval(sending);
      await producer.close();
    }
  });
});
