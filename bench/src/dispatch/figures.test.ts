import { expect, test } from "vitest";
import { pairedRatio } from "../report.ts";
import { median, percentile, rounded } from "../statistics.ts";
import { achievedShare, spread } from "./figures.ts";

test("a percentile is one of the values: the first that so many are not above", () => {
  const values = Array.from({ length: 200 }, (_, i) => 200 - i);
  expect(percentile(values, 0.5)).toBe(100);
  expect(percentile(values, 0.99)).toBe(198);
  expect(percentile([7], 0.99)).toBe(7);
  expect(percentile([], 0.99)).toBeNaN();
});

test("the median of an even number lies between the two in the middle", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

test("a ratio is the median of the pairs' ratios, without the pair that warms up", async () => {
  const a = [1000, 10, 30, 20];
  const b = [1, 10, 10, 10];
  const next = (values: number[]) => async () => values.shift()!;
  expect(await pairedRatio(3, next(a), next(b))).toEqual({ a: 20, b: 10, ratio: 2 });
});

test("the spread of costs is the dearest over the cheapest", () => {
  expect(rounded(spread([300, 250, 275]), 1)).toBe(1.2);
});

test("eleven receptions in a second are ten intervals", () => {
  const at = Array.from({ length: 11 }, (_, i) => 5000 + i * 100);
  expect(achievedShare(at, 10)).toBe(1);
  expect(achievedShare(at, 20)).toBe(0.5);
  expect(achievedShare([1], 10)).toBeNaN();
});
