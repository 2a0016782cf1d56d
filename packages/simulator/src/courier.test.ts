import { expect, test } from "vitest";
import { nextDelay } from "./courier.ts";

const meta = { delaysMs: [200, 1_000, 3_000], forever: true, giveUpAfterMs: 60_000 };
const vendor = { delaysMs: [200, 1_000], forever: false, giveUpAfterMs: 60_000 };
const never = { delaysMs: [], forever: false, giveUpAfterMs: 60_000 };

test.each([
  ["Cloud API: first", meta, 1, 0, 200],
  ["Cloud API: third", meta, 3, 2_000, 3_000],
  ["Cloud API: the last wait repeats", meta, 9, 20_000, 3_000],
  ["Cloud API: given up in time", meta, 9, 58_000, null],
  ["WasenderApi: second", vendor, 2, 300, 1_000],
  ["WasenderApi: no more", vendor, 3, 1_500, null],
  ["no retries at all", never, 1, 0, null],
])("%s", (_name, rule, failed, age, delay) => {
  expect(nextDelay(rule, failed, age)).toBe(delay);
});
