import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";

test.each([
  [1, 100],
  [2, 200],
  [5, 1600],
  [7, 5000],
  [1000, 5000],
])("after failure %i a batch waits %i ms, less at most a fifth", (failures, ms) => {
  expect(backoffMs(failures, () => 0)).toBe(ms);
  expect(backoffMs(failures, () => 1)).toBeCloseTo(ms * 0.8);
});
