import { expect, test } from "vitest";
import { addDwell, dwellQuantiles, newDwell } from "./dwell.ts";

test("quantiles of the last thousand; older ones are forgotten", () => {
  const dwell = newDwell();
  expect(dwellQuantiles(dwell)).toBeNull();
  for (let i = 0; i < 2_000; i++) addDwell(dwell, 99_999);
  for (let i = 0; i < 1_024; i++) addDwell(dwell, i);
  expect(dwellQuantiles(dwell)).toEqual({ p50: 512, p99: 1_013 });
  addDwell(dwell, -5);
  expect(Math.min(...dwell.samples)).toBe(0);
});
