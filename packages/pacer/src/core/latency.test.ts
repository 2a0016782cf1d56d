import { expect, test } from "vitest";
import { estimateAfter, firstEstimateMs, openSendsAllowed } from "./latency.ts";

function settle(sampleAt: (i: number) => number): number {
  let estimate = firstEstimateMs;
  for (let i = 0; i < 20_000; i++) estimate = estimateAfter(estimate, sampleAt(i));
  return estimate;
}

test("the estimate rests near the 95th percentile", () => {
  // Evenly spread over 0..200 in a fixed scrambled order.
  const spread = settle((i) => ((i * 73) % 200) + 1);
  expect(spread).toBeGreaterThan(160);
  expect(spread).toBeLessThan(225);
});

test("a steady latency never costs a slot", () => {
  let estimate = settle(() => 100);
  for (let i = 0; i < 1_000; i++) {
    estimate = estimateAfter(estimate, 100);
    expect(openSendsAllowed(80, estimate)).toBeGreaterThan((80 * 100) / 1000);
  }
});

test("a member that never answers keeps few slots", () => {
  expect(openSendsAllowed(1, 100)).toBe(2);
  expect(openSendsAllowed(0.2, 1)).toBe(2);
});
