import { topics } from "@wamesh/events";
import { auditEntry, outgoing, type TestKafka, testKafka } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

let kafka: TestKafka;
beforeAll(async () => {
  kafka = await testKafka();
});
afterAll(() => kafka.drop());

test("a part of a log is read whole, in order and once, without what lies around it", async () => {
  const topic = await kafka.topic(topics.audit, { partitions: 1 });
  const codec = await kafka.codec(topic);
  const producer = kafka.kafka.producer();
  for (let batch = 0; batch < 3; batch++)
    await producer.send(
      Array.from({ length: 100 }, (_, n) =>
        outgoing(topic, codec.encode(topic, auditEntry({ object_id: String(batch * 100 + n) })), {
          partition: 0,
        }),
      ),
    );
  await producer.close();
  const read = async (from: number, to: number) => {
    const ids: number[] = [];
    await kafka.kafka.scan({
      topic,
      codec,
      partition: 0,
      from,
      to,
      apply: (records) => ids.push(...records.map(({ record }) => Number(record.object_id))),
    });
    return ids;
  };
  expect(await read(150, 250)).toEqual(Array.from({ length: 100 }, (_, i) => 150 + i));
  const admin = await kafka.kafka.admin();
  await admin.truncate(topic.name, [{ partition: 0, offset: "200" }]);
  await admin.close();
  // What is gone is passed over; what is not there yet is not waited for.
  expect(await read(0, 210)).toEqual(Array.from({ length: 10 }, (_, i) => 200 + i));
  expect(await read(300, 300)).toEqual([]);
  // What should be there and does not come is no end.
  await expect(read(300, 301)).rejects.toThrow(/nothing from offset 300/);
});

test("a part that holds nothing but deletions is read to its end", async () => {
  const topic = await kafka.topic(topics.audit, { partitions: 1 });
  const codec = await kafka.codec(topic);
  const producer = kafka.kafka.producer();
  await producer.send(Array.from({ length: 3 }, () => outgoing(topic, null, { partition: 0 })));
  await producer.close();
  const read: unknown[] = [];
  const part = { topic, codec, partition: 0, from: 0, to: 3 };
  await kafka.kafka.scan({ ...part, apply: (records) => read.push(...records) });
  expect(read).toEqual([]);
});
