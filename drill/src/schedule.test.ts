import { expect, it } from "vitest";
import { schedule } from "./schedule.ts";

const kinds = Array.from({ length: 30 }, (_, i) => `kind_${i}`);

it("is the same for the same seed and another for another", () => {
  expect(schedule(7, 20, kinds)).toEqual(schedule(7, 20, kinds));
  expect(schedule(7, 20, kinds)).not.toEqual(schedule(8, 20, kinds));
});

it("a longer campaign begins as the shorter one of the same seed", () => {
  expect(schedule(7, 50, kinds).slice(0, 5)).toEqual(schedule(7, 5, kinds));
});

it.each([1, 2, 3])("has every kind once there are as many rounds as kinds (seed %i)", (seed) => {
  expect(new Set(schedule(seed, kinds.length, kinds).flat()).size).toBe(kinds.length);
});

it("never pairs a fault with itself", () => {
  for (const faults of schedule(3, 500, ["a", "b"])) expect(new Set(faults).size).toBe(faults.length);
  expect(schedule(3, 4, ["a"])).toEqual([["a"], ["a"], ["a"], ["a"]]);
});
