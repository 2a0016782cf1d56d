import { expect, test } from "vitest";
import { readMetadata } from "./granted-operations.ts";

const int = (value: number, bytes: number) => {
  const made = Buffer.alloc(bytes);
  made.writeIntBE(value, 0, bytes);
  return made;
};
const text = (value: string) => Buffer.concat([int(value.length, 2), Buffer.from(value)]);
const array = (...items: Buffer[]) => Buffer.concat([int(items.length, 4), ...items]);

function topic(name: string, error: number, operations: number): Buffer {
  const partition = Buffer.concat([
    int(0, 2),
    ...[0, 1, 5].map((value) => int(value, 4)),
    ...[array(int(1, 4)), array(int(1, 4)), array()],
  ]);
  return Buffer.concat([int(error, 2), text(name), int(0, 1), array(partition), int(operations, 4)]);
}

test("of each topic the brokers' bits are read; one that is hidden grants nothing, one that is not there is left out", () => {
  const broker = Buffer.concat([int(1, 4), text("127.0.0.1"), int(9092, 4), int(-1, 2)]);
  const topics = [
    topic("both", 0, 0b1_0001_1000),
    topic("read", 0, 0b1_0000_1000),
    topic("seen", 0, 0b1_0000_0000),
    topic("hidden", 29, -2_147_483_648),
    topic("none", 3, -2_147_483_648),
  ];
  const head = [int(0, 4), array(broker), text("cluster"), int(1, 4)];
  const answer = Buffer.concat([...head, array(...topics), int(-2_147_483_648, 4)]);
  expect([...readMetadata(answer)]).toEqual([
    ["both", ["Read", "Write"]],
    ["read", ["Read"]],
    ["seen", []],
    ["hidden", []],
  ]);
});
