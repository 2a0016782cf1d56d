import { expect, test } from "vitest";
import { firstLeftOut, isRefusal } from "./connection.ts";

const records = [
  { topic: "a", partition: 0 },
  { topic: "a", partition: 1 },
  { topic: "b", partition: 0 },
];
const acknowledged = records.map(({ topic, partition }) => ({ topicName: topic, partition }));

test("nothing is left out of an answer that names every place", () => {
  expect(firstLeftOut(records, acknowledged)).toBeUndefined();
});

test.each([0, 1, 2])("place %i missing from the answer is noticed", (missing) => {
  const some = acknowledged.filter((_, i) => i !== missing);
  expect(firstLeftOut(records, some)).toEqual(records[missing]);
});

test("a record left out because its leader moved is sent again, one without a partition is refused", () => {
  expect(isRefusal(new Error("a[1] has moved to another leader"))).toBe(false);
  expect(isRefusal(Object.assign(new Error("a has no partition 7"), { name: "NoSuchPartition" }))).toBe(true);
});
