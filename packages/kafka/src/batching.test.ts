import fc from "fast-check";
import { expect, test } from "vitest";
import { nextBatch, type Sized } from "./batching.ts";

const limits = { records: 10, bytes: 1000, bytesPerPartition: 300 };
const queue = fc.array(
  fc.record({
    record: fc.record({ topic: fc.constantFrom("a", "b"), partition: fc.nat(2) }),
    bytes: fc.integer({ min: 1, max: 400 }),
  }),
  { minLength: 1, maxLength: 40 },
);

function batches(waiting: readonly Sized[]): Sized[][] {
  const made: Sized[][] = [];
  for (let rest = waiting; rest.length > 0; ) {
    const count = nextBatch(rest, limits);
    made.push(rest.slice(0, count));
    rest = rest.slice(count);
  }
  return made;
}

test("everything travels, in order, and each batch holds at least one record", () => {
  fc.assert(
    fc.property(queue, (waiting) => {
      const made = batches(waiting);
      expect(made.flat()).toEqual(waiting);
      expect(made.every((batch) => batch.length > 0)).toBe(true);
    }),
  );
});

test("no batch is larger than the broker takes, but for a record that is too large by itself and travels alone", () => {
  fc.assert(
    fc.property(queue, (waiting) => {
      for (const batch of batches(waiting)) {
        if (batch.some(({ bytes }) => bytes > limits.bytesPerPartition)) {
          expect(batch).toHaveLength(1);
          continue;
        }
        expect(batch.length).toBeLessThanOrEqual(limits.records);
        expect(batch.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(limits.bytes);
        const perPartition = Map.groupBy(batch, ({ record }) => `${record.topic}${record.partition}`);
        for (const group of perPartition.values())
          expect(group.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(
            limits.bytesPerPartition,
          );
      }
    }),
  );
});
