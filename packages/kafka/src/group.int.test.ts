import { connect } from "node:net";
import { topics } from "@wamesh/events";
import { messageStatus, outboundMessage, outgoing, type TestKafka, testKafka, until } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
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

const partitions = 6;

test("members share the partition numbers; all topics of a number go to one member, and few move when members change", async () => {
  const otp = await mesh.topic(topics.outboundOtp, { partitions });
  const bulk = await mesh.topic(topics.outboundBulk, { partitions });
  const groupId = mesh.group();
  const codec = await mesh.codec(otp, bulk);
  const join = async () => {
    const told: Record<string, number[]>[] = [];
    const consumer = await mesh.kafka.consume({
      groupId,
      topics: [otp, bulk],
      codec,
      deadLetter: { service: "test", producer },
      onAssignment: (assigned) => told.push(assigned),
      handle: async () => {},
    });
    consumers.push(consumer);
    return { consumer, told, numbers: () => told.at(-1)?.[otp.name] ?? [] };
  };
  type Joined = Awaited<ReturnType<typeof join>>;
  const complete = (...members: Joined[]) =>
    until(() => {
      const all = members.flatMap((member) => member.numbers());
      const share = members.every((member) => member.numbers().length === partitions / members.length);
      return share && new Set(all).size === partitions;
    });

  const a = await join();
  await complete(a);
  expect(a.told).toEqual([{ [otp.name]: [0, 1, 2, 3, 4, 5], [bulk.name]: [0, 1, 2, 3, 4, 5] }]);

  const b = await join();
  await complete(a, b);
  for (const { told } of [a, b]) expect(told.at(-1)![bulk.name]).toEqual(told.at(-1)![otp.name]);
  const [ofA, ofB] = [a.numbers(), b.numbers()];

  const c = await join();
  await complete(a, b, c);
  expect(ofA).toEqual(expect.arrayContaining(a.numbers()));
  expect(ofB).toEqual(expect.arrayContaining(b.numbers()));
  const [keptByA, keptByB] = [a.numbers(), b.numbers()];

  await c.consumer.stop();
  await complete(a, b);
  expect(a.numbers()).toEqual(expect.arrayContaining(keptByA));
  expect(b.numbers()).toEqual(expect.arrayContaining(keptByB));
});

test("one that comes back under its own name takes up its partitions at once, and leaves other members alone", async () => {
  const topic = await mesh.topic(topics.messageStatus, { partitions: 2 });
  const codec = await mesh.codec(topic);
  const groupId = mesh.group();
  const said: string[] = [];
  const join = async (clientId: string, cutBy?: AbortSignal) => {
    const told: number[][] = [];
    const kafka = mesh.open({
      clientId,
      clientIdIsUnique: true,
      log: (_level, message) => said.push(`${clientId}: ${message}`),
      connect: (address, onConnect) => {
        const socket = connect(address, onConnect);
        cutBy?.addEventListener("abort", () => socket.destroy(new Error("killed")), { once: true });
        if (cutBy?.aborted) socket.destroy(new Error("killed"));
        return socket;
      },
    });
    const consumer = await kafka.consume({
      groupId,
      topics: [topic],
      codec,
      deadLetter: { service: "test", producer },
      onAssignment: (assigned) => told.push(assigned[topic.name] ?? []),
      handle: async () => {},
      onFatal: () => {},
    });
    consumers.push(consumer);
    return told;
  };
  const other = await join("other");
  const kill = new AbortController();
  await join("one", kill.signal);
  await until(() => other.at(-1)?.length === 1);

  kill.abort();
  const joinsBefore = other.length;
  const again = await join("one");
  await until(() => again.at(-1)?.length === 1);
  expect(
    said.filter((words) => words.endsWith("a former life of this process was put out of the group")),
  ).toEqual(["one: a former life of this process was put out of the group"]);
  await until(() => other.length > joinsBefore);
  expect(other.at(-1)).toHaveLength(1);
});

test("batches of the first topic are handed over first, although kafkajs shuffles the topics of a fetch", async () => {
  const bulk = await mesh.topic(topics.outboundBulk, { partitions: 1 });
  const standard = await mesh.topic(topics.outboundStandard, { partitions: 1 });
  const otp = await mesh.topic(topics.outboundOtp, { partitions: 1 });
  const codec = await mesh.codec(otp, standard, bulk);
  const backlog = (topic: typeof bulk) =>
    Array.from({ length: 20 }, () =>
      outgoing(topic, codec.encode(topic, outboundMessage()), { partition: 0 }),
    );
  await producer.send([bulk, standard, otp].flatMap(backlog));
  // Six orders are possible, so chance passes once in 6^5.
  for (let round = 0; round < 5; round++) {
    const order: string[] = [];
    const consumer = await mesh.kafka.consume({
      groupId: mesh.group(),
      topics: [otp, standard, bulk],
      codec,
      deadLetter: { service: "test", producer },
      concurrency: 1,
      handle: async ({ topic }) => {
        order.push(topic);
      },
    });
    await until(() => order.length === 3);
    await consumer.stop();
    expect(order).toEqual([otp.name, standard.name, bulk.name]);
  }
});

test("a handler that takes longer than the session timeout keeps its partitions", async () => {
  const topic = await mesh.topic(topics.messageStatus, { partitions: 1 });
  const codec = await mesh.codec(topic);
  await producer.send([outgoing(topic, codec.encode(topic, messageStatus()), { partition: 0 })]);
  const sessionTimeoutMs = 6000;
  let assignments = 0;
  const handled: string[] = [];
  const startedAt = performance.now();
  consumers.push(
    await mesh.kafka.consume({
      groupId: mesh.group(),
      topics: [topic],
      codec,
      deadLetter: { service: "test", producer },
      onAssignment: () => assignments++,
      handle: async ({ signal, records }) => {
        await until(() => performance.now() - startedAt > sessionTimeoutMs * 1.5);
        expect(signal.aborted).toBe(false);
        for (const { offset } of records) handled.push(offset);
      },
    }),
  );
  await until(() => handled.length > 0);
  // A member thrown out would learn it now, join again and get the first record a second time.
  await producer.send([outgoing(topic, codec.encode(topic, messageStatus()), { partition: 0 })]);
  await until(() => handled.includes("1"));
  expect({ assignments, handled }).toEqual({ assignments: 1, handled: ["0", "1"] });
});

test("a handler learns that the group rebalances, and what it did not finish comes again", async () => {
  const topic = await mesh.topic(topics.messageStatus, { partitions: 2 });
  const codec = await mesh.codec(topic);
  await producer.send(
    [0, 1].map((partition) => outgoing(topic, codec.encode(topic, messageStatus()), { partition })),
  );
  const groupId = mesh.group();
  const options = { groupId, topics: [topic], codec, deadLetter: { service: "test", producer } };
  let waiting = 0;
  let aborted = 0;
  consumers.push(
    await mesh.kafka.consume({
      ...options,
      handle: ({ signal }) =>
        new Promise<void>((_, reject) => {
          waiting++;
          signal.addEventListener("abort", () => {
            aborted++;
            reject(signal.reason);
          });
        }),
    }),
  );
  await until(() => waiting === 2);
  let taken = 0;
  consumers.push(
    await mesh.kafka.consume({
      ...options,
      handle: async ({ records }) => {
        taken += records.length;
      },
    }),
  );
  await until(() => aborted === 2);
  await until(() => taken === 1);
});

test("a member whose broker goes away while it looks for its coordinator comes back, and does not end its process", async () => {
  const topic = await mesh.topic(topics.messageStatus, { partitions: 2 });
  const codec = await mesh.codec(topic);
  const groupId = mesh.group();
  const findCoordinator = 10;
  let breaks = 0;
  let asked = 0;
  const fragile = mesh.open({
    connect: ({ host, port }, onConnect) => {
      const socket = connect({ host, port }, onConnect);
      const write = socket.write.bind(socket);
      socket.write = ((bytes: Buffer, ...rest: never[]) => {
        // The kind of a request stands behind its length.
        if (bytes.readInt16BE(4) === findCoordinator) {
          asked++;
          if (breaks > 0) {
            breaks--;
            socket.destroy(new Error("the broker went away"));
            return false;
          }
        }
        return write(bytes, ...rest);
      }) as typeof socket.write;
      return socket;
    },
  });
  const fatal: Error[] = [];
  const seen: string[] = [];
  const options = {
    groupId,
    topics: [topic],
    codec,
    deadLetter: { service: "test", producer },
    onFatal: (error: Error) => fatal.push(error),
  };
  const first = await fragile.consume({
    ...options,
    handle: async ({ records }) => {
      for (const { record } of records) seen.push(record.event_id);
    },
  });
  consumers.push(first);
  const before = asked;
  // Longer than one round of kafkajs' own attempts.
  breaks = 8;
  const second = await mesh.kafka.consume({ ...options, handle: async () => {} });
  await until(() => asked > before + 8 || fatal.length > 0, { withinMs: 30_000 });
  expect(fatal).toEqual([]);
  await second.stop();
  await until(() => first.assigned()[topic.name]?.length === 2, { withinMs: 30_000 });
  await producer.send([
    outgoing(topic, codec.encode(topic, messageStatus({ event_id: "after" })), { partition: 0 }),
  ]);
  await until(() => seen.includes("after"));
  expect(fatal).toEqual([]);
});

test("a group without members is set to other offsets at once; one with members is left alone", async () => {
  const topic = await mesh.topic(topics.messageStatus, { partitions: 2 });
  const groupId = mesh.group();
  const admin = await mesh.kafka.admin();
  const at = (partition: number, offset: string) => ({ topic: topic.name, partition, offset });
  await admin.setOffsets(groupId, [at(0, "5"), at(1, "7")]);
  await admin.setOffsets(groupId, [at(0, "3")]);
  expect(await admin.committed(groupId, topic.name)).toEqual([
    { partition: 0, offset: "3" },
    { partition: 1, offset: "7" },
  ]);
  const member = await mesh.kafka.consume({
    groupId,
    topics: [topic],
    codec: await mesh.codec(topic),
    deadLetter: { service: "test", producer },
    handle: async () => {},
  });
  await until(() => Object.keys(member.assigned()).length > 0);
  await expect(admin.setOffsets(groupId, [at(0, "0")])).rejects.toThrow("has members");
  await member.stop();
  await admin.close();
});
