import { topics } from "@wamesh/events";
import { auditEntry, outgoing, type TestKafka, testKafka } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

let kafka: TestKafka;
beforeAll(async () => {
  kafka = await testKafka();
});
afterAll(() => kafka.drop());

test("records are found again by their places, in whatever order they are asked for; what is not there is null", async () => {
  const topic = await kafka.topic(topics.audit, { partitions: 2 });
  const codec = await kafka.codec(topic);
  const producer = kafka.kafka.producer();
  // Larger together than one answer of the broker.
  const long = "x".repeat(8 * 1024);
  const idAt = (partition: number, n: number) => `${partition}-${n}`;
  for (const partition of [0, 1])
    await producer.send(
      Array.from({ length: 300 }, (_, n) =>
        outgoing(
          topic,
          codec.encode(topic, auditEntry({ object_id: idAt(partition, n), detail: JSON.stringify(long) })),
          { partition },
        ),
      ),
    );
  await producer.close();
  const reader = kafka.kafka.reader({ topic, codec });
  try {
    const places = [
      { partition: 1, offset: 299 },
      { partition: 0, offset: 0 },
      { partition: 1, offset: 7 },
      { partition: 0, offset: 300 },
      { partition: 1, offset: 9_999 },
      { partition: 1, offset: 8 },
    ];
    const found = await reader.read(places);
    expect(found.map((one) => one?.object_id ?? null)).toEqual(["1-299", "0-0", "1-7", null, null, "1-8"]);
    expect(await reader.read([])).toEqual([]);
  } finally {
    await reader.close();
  }
});
