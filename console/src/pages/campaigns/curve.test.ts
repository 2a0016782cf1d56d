import { expect, test } from "vitest";
import { curveRows } from "./curve.ts";

const at = (seconds: number) => new Date(seconds * 1_000).toISOString();
const point = (seconds: number, sent: number) => ({
  at: at(seconds),
  sent,
  delivered: 0,
  read: 0,
  failed: 1,
});

test("silence between busy intervals is drawn as silence", () => {
  expect(curveRows([point(30, 7), point(0, 5)], 10, "each")).toEqual([
    [-10, 0, 10, 20, 30],
    [0, 5, 0, 0, 7],
    [0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0],
    [0, 1, 0, 0, 1],
  ]);
});

test("summed up, a curve ends at the totals", () => {
  const [, sent, , , failed] = curveRows([point(0, 5), point(30, 7)], 10, "sum");
  expect(sent).toEqual([0, 5, 5, 5, 12]);
  expect(failed!.at(-1)).toBe(2);
});

test("one busy interval alone is a line that rises from nothing", () => {
  expect(curveRows([point(20, 5)], 10, "sum").slice(0, 2)).toEqual([
    [10, 20],
    [0, 5],
  ]);
});

test("no points, no rows; and a gap of years is not filled", () => {
  expect(curveRows([], 10, "each")).toEqual([[], [], [], [], []]);
  expect(curveRows([point(0, 1), point(10 ** 8, 1)], 10, "each")[0]).toHaveLength(3);
});
