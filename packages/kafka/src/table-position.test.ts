import { expect, test } from "vitest";
import { afterAnswer, type Position, startPosition } from "./table-position.ts";

const answers = (position: Position, count: number, nothing: boolean) =>
  Array.from({ length: count }).reduce<Position>((at) => afterAnswer(at, null, nothing), position);

test("an empty partition is read at once, one with records when the last of them was seen", () => {
  expect(startPosition(0, 5n, 5n).reached).toBe(true);
  const start = startPosition(0, 0n, 3n);
  expect(start.reached).toBe(false);
  expect(afterAnswer(start, 1n, false)).toMatchObject({ next: 2n, reached: false });
  expect(afterAnswer(start, 2n, false)).toMatchObject({ next: 3n, reached: true });
});

test("what came later than the start does not undo it", () => {
  const read = afterAnswer(startPosition(0, 0n, 1n), 0n, false);
  expect(answers(read, 3, true).reached).toBe(true);
});

test("a tail that compaction emptied is believed after many empty answers, not after one", () => {
  const start = afterAnswer(startPosition(0, 0n, 10n), 7n, false);
  expect(answers(start, 1, true).reached).toBe(false);
  expect(answers(start, 19, true).reached).toBe(false);
  expect(answers(start, 20, true).reached).toBe(true);
});

test("a partition that got nothing because others filled the answer is not believed empty", () => {
  expect(answers(startPosition(0, 0n, 10n), 1000, false).reached).toBe(false);
});

test("a batch that begins before the offset asked for does not lead back", () => {
  const position = startPosition(0, 8n, 10n);
  expect(afterAnswer(position, 5n, false).next).toBe(8n);
});
