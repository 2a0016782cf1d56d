import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type Codec,
  createCodec,
  type DeadLetter,
  type MessageStatus,
  type Topic,
  topics,
} from "@wamesh/events";
import { messageStatus, outgoing, stack, type TestKafka, testKafka, until, wire } from "@wamesh/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Batch, BrokerUnavailable, type ConsumeOptions, type Consumer, type Producer } from "./index.ts";

type StatusTopic = Topic<MessageStatus>;

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

async function consume(
  topic: StatusTopic,
  options: Partial<ConsumeOptions<StatusTopic>> & Pick<ConsumeOptions<StatusTopic>, "handle">,
  kafka = mesh.kafka,
): Promise<Consumer> {
  const consumer = await kafka.consume({
    groupId: mesh.group(),
    topics: [topic],
    codec: await mesh.codec(topic),
    deadLetter: { service: "test", producer },
    ...options,
  });
  consumers.push(consumer);
  return consumer;
}

async function produce(topic: StatusTopic, ids: readonly string[], partition = 0): Promise<void> {
  const codec = await mesh.codec(topic);
  await producer.send(
    ids.map((id) => outgoing(topic, codec.encode(topic, messageStatus({ event_id: id })), { partition, id })),
  );
}

/** Dead letters of one topic, from wa.dead as everyone reads it. */
async function deadLettersOf(topic: StatusTopic, count: number): Promise<DeadLetter[]> {
  const found: DeadLetter[] = [];
  const consumer = await mesh.kafka.consume({
    groupId: mesh.group(),
    topics: [topics.dead],
    codec: await mesh.codec(),
    deadLetter: { service: "test", producer },
    handle: async ({ records }) => {
      for (const { record } of records) if (record.origin_topic === topic.name) found.push(record);
    },
  });
  await until(() => found.length >= count);
  await consumer.stop();
  return found.sort((a, b) => a.origin_offset - b.origin_offset);
}

test("each record arrives decoded, with key, headers, offset and its original bytes", async () => {
  const topic = await mesh.topic(topics.messageStatus);
  await produce(topic, ["a", "b"], 1);
  const batches: Batch<MessageStatus>[] = [];
  await consume(topic, {
    handle: async (batch) => {
      batches.push(batch);
    },
  });
  await until(() => batches.flatMap(({ records }) => records).length === 2);
  const codec = await mesh.codec(topic);
  expect(batches[0]).toMatchObject({
    topic: topic.name,
    partition: 1,
    clusterId: await mesh.kafka.clusterId(),
  });
  expect(batches.at(-1)!.nextOffset).toBe("2");
  const [first] = batches[0]!.records;
  expect(first).toMatchObject({ offset: "0", key: "acme", record: messageStatus({ event_id: "a" }) });
  expect(first!.headers).toMatchObject({ tenant: "acme", ce_id: "a" });
  expect(Buffer.from(first!.value!)).toEqual(codec.encode(topic, messageStatus({ event_id: "a" })));
});

test("a group goes on where it was; what was handled does not come again", async () => {
  const topic = await mesh.topic(topics.messageStatus);
  const groupId = mesh.group();
  const seen: string[] = [];
  const handle = async ({ records }: Batch<MessageStatus>) => {
    for (const { record } of records) seen.push(record.event_id);
  };
  await produce(topic, ["a", "b"]);
  const first = await consume(topic, { groupId, handle });
  await until(() => seen.length === 2);
  await first.stop();
  await produce(topic, ["c"]);
  await consume(topic, { groupId, handle });
  await until(() => seen.length === 3);
  expect(seen).toEqual(["a", "b", "c"]);
});

test("records to be skipped are not decoded, and the cursor passes them", async () => {
  const topic = await mesh.topic(topics.messageStatus, { partitions: 1 });
  const garbage = outgoing(topic, Buffer.from("not Avro"), { partition: 0, headers: { status: "queued" } });
  await producer.send([garbage, garbage]);
  const nextOffsets: string[] = [];
  await consume(topic, {
    skip: (header) => header("status") === "queued",
    handle: async ({ records, nextOffset }) => {
      expect(records).toEqual([]);
      nextOffsets.push(nextOffset);
    },
  });
  await until(() => nextOffsets.at(-1) === "2");
});

test("a large batch is handed over in parts, each with the offset that follows it", async () => {
  const topic = await mesh.topic(topics.messageStatus, { partitions: 1 });
  const codec = await mesh.codec(topic);
  const value = (id: string) => codec.encode(topic, messageStatus({ event_id: id }));
  // One request, so one indivisible batch at the broker.
  await producer.send(
    ["a", "b", "c", "d", "e"].map((id) =>
      outgoing(topic, value(id), { partition: 0, headers: { ce_id: id } }),
    ),
  );
  const parts: [string[], string][] = [];
  await consume(topic, {
    maxRecords: 2,
    handle: async ({ records, nextOffset }) => {
      parts.push([records.map(({ record }) => record.event_id), nextOffset]);
    },
  });
  await until(() => parts.length === 3);
  expect(parts).toEqual([
    [["a", "b"], "2"],
    [["c", "d"], "4"],
    [["e"], "5"],
  ]);
});

describe("what can't be read", () => {
  test("goes to wa.dead with its bytes and headers, and the partition goes on", async () => {
    const topic = await mesh.topic(topics.messageStatus, { partitions: 1 });
    const codec = await mesh.codec(topic);
    const bytes = codec.encode(topic, messageStatus({ event_id: "good" }));
    const unknownSchema = Buffer.from(bytes);
    unknownSchema.writeInt32BE(2_000_000_000, 1);
    const at = { partition: 0 };
    await producer.send([
      outgoing(topic, Buffer.from("no Avro at all"), { ...at, headers: { extra: "kept" } }),
      outgoing(topic, Buffer.concat([bytes.subarray(0, 5), Buffer.from([0xff, 0xff])]), at),
      outgoing(topic, unknownSchema, at),
      outgoing(topic, null, at),
      outgoing(topic, bytes, at),
    ]);
    const seen: string[] = [];
    await consume(topic, {
      handle: async ({ records }) => {
        for (const { record } of records) seen.push(record.event_id);
      },
    });
    await until(() => seen.length > 0);
    expect(seen).toEqual(["good"]);
    const dead = await deadLettersOf(topic, 4);
    expect(dead.map(({ reason }) => reason.code)).toEqual([
      "undecodable",
      "undecodable",
      "unknown_schema",
      "undecodable",
    ]);
    expect(dead[0]).toMatchObject({ tenant: "acme", service: "test", origin_partition: 0, origin_offset: 0 });
    expect(Buffer.from(dead[0]!.origin_value!).toString()).toBe("no Avro at all");
    expect(Buffer.from(dead[0]!.origin_key!).toString()).toBe("acme");
    expect(Buffer.from(dead[0]!.origin_headers.extra!).toString()).toBe("kept");
  });

  test("a record whose key, header and content name different tenants never reaches a handler", async () => {
    const topic = await mesh.topic(topics.messageStatus, { partitions: 1 });
    const codec = await mesh.codec(topic);
    const bytes = codec.encode(topic, messageStatus({ tenant: "acme" }));
    await producer.send([
      outgoing(topic, bytes, { partition: 0, key: "globex" }),
      outgoing(topic, bytes, { partition: 0, headers: { tenant: "globex" } }),
      outgoing(topic, bytes, { partition: 0, tenant: "globex" }),
      { ...outgoing(topic, bytes, { partition: 0 }), headers: {} },
      { ...outgoing(topic, bytes, { partition: 0 }), key: null },
      outgoing(topic, bytes, { partition: 0 }),
    ]);
    let seen = 0;
    await consume(topic, {
      handle: async ({ records }) => {
        seen += records.length;
      },
    });
    await until(() => seen > 0);
    const dead = await deadLettersOf(topic, 5);
    expect(dead.map(({ reason, tenant }) => [reason.code, tenant])).toEqual(
      Array.from({ length: 5 }, () => ["tenant_mismatch", null]),
    );
    expect(seen).toBe(1);
  });

  test("a core application's event needs no tenant header", async () => {
    const topic = await mesh.topic(topics.domainEvent, { partitions: 1 });
    const codec = await mesh.codec(topic);
    const event = {
      event_id: "1",
      tenant: "acme",
      source: "/s",
      type: "t",
      subject: null,
      occurred_at: 0,
      data: "{}",
      received_at: null,
    };
    const value = codec.encode(topic, event);
    await producer.send([{ topic: topic.name, partition: 0, key: "acme", value, headers: {} }]);
    const seen: unknown[] = [];
    const consumer = await mesh.kafka.consume({
      groupId: mesh.group(),
      topics: [topic],
      codec,
      deadLetter: { service: "test", producer },
      handle: async ({ records }) => {
        seen.push(...records.map(({ record }) => record));
      },
    });
    consumers.push(consumer);
    await until(() => seen.length === 1);
    expect(seen).toEqual([event]);
  });

  test("a record that the handler gives up goes to wa.dead as its tenant's", async () => {
    const topic = await mesh.topic(topics.messageStatus, { partitions: 1 });
    await produce(topic, ["a", "b"]);
    const reason = {
      code: "invalid_record",
      fault_class: "content",
      provider_code: null,
      detail: "no",
    } as const;
    await consume(topic, {
      handle: async ({ records }) =>
        records.filter(({ offset }) => offset === "1").map((record) => ({ record, reason, messageId: "m" })),
    });
    const [dead] = await deadLettersOf(topic, 1);
    expect(dead).toMatchObject({ tenant: "acme", origin_offset: 1, reason, message_id: "m" });
  });
});

test("a dead letter that could not be produced is repeated, and the handler is not asked again", async () => {
  const topic = await mesh.topic(topics.messageStatus, { partitions: 1 });
  await produce(topic, ["a"]);
  const reason = { code: "invalid_record", fault_class: "content", provider_code: null, detail: "" } as const;
  let refusals = 2;
  let handled = 0;
  const flaky: Pick<Producer, "send"> = {
    async send(records) {
      if (refusals-- > 0) throw new BrokerUnavailable("away", { retryAfterMs: 1 });
      await producer.send(records);
    },
  };
  await consume(topic, {
    deadLetter: { service: "test", producer: flaky },
    handle: async ({ records }) => {
      // As behind a cursor: what was applied once is not looked at again.
      return handled++ === 0 ? records.map((record) => ({ record, reason })) : [];
    },
  });
  await deadLettersOf(topic, 1);
  expect(handled).toBe(1);
});

describe("a handler that throws", () => {
  test("sees the same batch again within a second, while other partitions go on", async () => {
    const topic = await mesh.topic(topics.messageStatus, { partitions: 2 });
    await produce(topic, ["bad"], 0);
    const attempts: number[] = [];
    const others: string[] = [];
    let broken = true;
    const groupId = mesh.group();
    await consume(topic, {
      groupId,
      handle: async ({ partition, records }) => {
        if (partition === 1) others.push(...records.map(({ record }) => record.event_id));
        else {
          attempts.push(performance.now());
          // A TypeError is what stops kafkajs' own consumer for good.
          if (broken) throw new TypeError("undefined is not a function");
        }
      },
    });
    await until(() => attempts.length === 3);
    expect(attempts[1]! - attempts[0]!).toBeLessThan(1000);
    await produce(topic, ["good"], 1);
    await until(() => others.length === 1);
    const admin = await mesh.kafka.admin();
    const committed = async () =>
      (await admin.committed(groupId, topic.name)).find((one) => one.partition === 0);
    expect((await committed())?.offset ?? null).toBeNull();
    broken = false;
    await until(async () => (await committed())?.offset === "1");
    await admin.close();
  });

  test("tells the process to stop after the agreed number of failures, and never skips the batch", async () => {
    const topic = await mesh.topic(topics.messageStatus, { partitions: 1 });
    await produce(topic, ["bad"]);
    let attempts = 0;
    const fatal: Error[] = [];
    await consume(topic, {
      maxFailures: 3,
      onFatal: (error) => fatal.push(error),
      handle: async () => {
        attempts++;
        throw new Error("broken");
      },
    });
    await until(() => fatal.length > 0);
    expect(attempts).toBe(3);
    expect(fatal[0]!.message).toContain("3 times on the same batch");
  });
});

describe("with the registry away", () => {
  let proxy: Server;
  let up = true;
  let codec: Codec;
  beforeAll(async () => {
    proxy = createServer(async (request, response) => {
      if (!up) return request.socket.destroy();
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      const answer = await fetch(`${stack().registryUrl}${request.url}`, {
        method: request.method!,
        headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
        ...(body.length > 0 && { body }),
      });
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(await answer.text());
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => proxy.close());

  test("the partition stops and is read again; nothing is dead-lettered, skipped or counted against the handler", async () => {
    const topic = await mesh.topic(topics.messageStatus, { partitions: 1 });
    await produce(topic, ["a"]);
    const registryUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    codec = await createCodec({ registryUrl, topics: [topic, topics.dead] });
    up = false;
    const seen: string[] = [];
    const failures: string[] = [];
    const fatal: Error[] = [];
    const kafka = mesh.open({ log: (_level, message) => failures.push(message) });
    await consume(
      topic,
      {
        codec,
        maxFailures: 1,
        onFatal: (error) => fatal.push(error),
        handle: async ({ records }) => {
          for (const { record } of records) seen.push(record.event_id);
        },
      },
      kafka,
    );
    await until(() => failures.filter((message) => message.startsWith("batch failed")).length >= 2);
    expect(seen).toEqual([]);
    up = true;
    await until(() => seen.length === 1);
    expect(fatal).toEqual([]);
    expect(failures).not.toContain("record given up");
  });
});

test("a stop aborts the signal of a running handler, waits for it, and closes every connection", async () => {
  const topic = await mesh.topic(topics.messageStatus, { partitions: 1 });
  await produce(topic, ["a"]);
  const line = wire();
  let state = "waiting";
  const consumer = await consume(
    topic,
    {
      handle: ({ signal }) =>
        new Promise<void>((resolve) => {
          state = "running";
          signal.addEventListener("abort", () => {
            state = "ended";
            resolve();
          });
        }),
    },
    mesh.open({ connect: line.connect }),
  );
  await until(() => state === "running");
  await consumer.stop();
  expect(state).toBe("ended");
  await until(() => line.connections() === 0);
});

test("a consumer outlives the loss of the broker, and its poll does not look dead meanwhile", async () => {
  const topic = await mesh.topic(topics.messageStatus, { partitions: 1 });
  const line = wire();
  const seen: string[] = [];
  const fatal: Error[] = [];
  const logged: string[] = [];
  const kafka = mesh.open({ connect: line.connect, log: (_level, message) => logged.push(message) });
  const consumer = await consume(
    topic,
    {
      onFatal: (error) => fatal.push(error),
      handle: async ({ records }) => {
        for (const { record } of records) seen.push(record.event_id);
      },
    },
    kafka,
  );
  await produce(topic, ["a"]);
  await until(() => seen.length === 1);
  line.cut();
  // Long enough for kafkajs to give up and start anew.
  await until(() => logged.includes("consumer crashed"), { withinMs: 40_000 });
  expect(consumer.lastPollMs()).toBeLessThan(10_000);
  line.mend();
  await produce(topic, ["b"]);
  await until(() => seen.includes("b"), { withinMs: 30_000 });
  expect(fatal).toEqual([]);
});

test("what is committed was told before, so that a store never knows less than the group; untold offsets are not committed", async () => {
  const topic = await mesh.topic(topics.messageStatus);
  await produce(topic, ["a", "b", "c"], 1);
  const groupId = mesh.group();
  const admin = await mesh.kafka.admin();
  const committed = async () => (await admin.committed(groupId, topic.name))[1]?.offset ?? null;
  const told: string[] = [];
  let refusals = 0;
  await consume(topic, {
    groupId,
    handle: async () => {},
    beforeCommit: async (positions) => {
      expect(await committed()).toBeNull();
      if (refusals++ === 0) throw new Error("the store is away");
      told.push(...positions.map(({ partition, offset }) => `${partition}: ${offset}`));
    },
  });
  await until(() => refusals === 1);
  await produce(topic, ["d"], 1);
  await until(async () => (await committed()) === "4");
  expect(told).toEqual(["1: 4"]);
  await admin.close();
});
