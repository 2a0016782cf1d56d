import { seededRandom } from "@wamesh/testing/outside";
import { expect, test } from "vitest";
import type { Rule, Series } from "./series.ts";
import { growthPerMessage, rules } from "./series.ts";
import { judgeSeries, trend } from "./verdict.ts";

const minutes = 30;
const series = (rule: Rule, value: (minute: number) => number): Series => ({
  panel: "p",
  name: "n",
  unit: "",
  rule,
  points: Array.from({ length: minutes }, (_, i) => ({ minute: i + 1, value: value(i + 1) })),
});
const isFlat = (rule: Rule, value: (minute: number) => number) =>
  judgeSeries(series(rule, value), minutes).flat;

test("the trend of a line is its rise", () => {
  expect(trend(series(rules.rss_mb, (minute) => 3 * minute).points)).toBeCloseTo(3 * 29);
});

test("memory that fills in the warm-up and then wavers is flat", () => {
  const random = seededRandom(3);
  expect(isFlat(rules.rss_mb, (minute) => 120 + 40 * Math.min(1, minute / 9) + 10 * random())).toBe(true);
});

test("a leak of 2 MB a minute is found", () => {
  expect(isFlat(rules.rss_mb, (minute) => 120 + 2 * minute)).toBe(false);
});

test("a descriptor lost every other minute is found", () => {
  expect(isFlat(rules.descriptors, (minute) => 60 + minute / 2)).toBe(false);
});

test("dead rows that vacuum takes away are flat, however the saw stands at the end", () => {
  for (const shift of [0, 1, 2, 3])
    expect(isFlat(rules.dead_rows, (minute) => ((minute + shift) % 4) * 8000)).toBe(true);
});

test("dead rows that vacuum no longer takes away are found", () => {
  expect(isFlat(rules.dead_rows, (minute) => minute * 2000)).toBe(false);
});

test("a few minutes are judged by nobody", () => {
  const short = { ...series(rules.rss_mb, (minute) => 100 * minute) };
  expect(judgeSeries({ ...short, points: short.points.slice(0, 5) }, 5).flat).toBeNull();
});

test("a table that grows with the messages is flat by the message, one whose rows grow fatter is not", () => {
  const all = Array.from({ length: minutes }, (_, i) => ({ minute: i + 1, messages: 1000 }));
  const judged = (bytes: (minute: number) => number) =>
    judgeSeries(
      {
        ...series(rules.per_message, () => 0),
        points: growthPerMessage(all, ({ minute }) => bytes(minute)),
      },
      minutes,
    ).flat;
  expect(judged((minute) => minute * 1_000_000)).toBe(true);
  expect(judged((minute) => minute ** 2 * 100_000)).toBe(false);
});
