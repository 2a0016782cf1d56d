import { expect, test } from "vitest";
import { isBulkOwed, runAfter } from "./lane-turn.ts";

test("while both wait, one bulk follows nineteen standard", () => {
  let run = 0;
  const lanes = Array.from({ length: 100 }, () => {
    const lane = isBulkOwed(run, 19) ? "bulk" : "standard";
    run = runAfter(run, lane, true);
    return lane;
  });
  expect(lanes.filter((lane) => lane === "bulk")).toHaveLength(5);
  expect(lanes.indexOf("bulk")).toBe(19);
});

test("standard saves up no debt to bulk that does not wait, and an otp counts for nobody", () => {
  expect(runAfter(7, "standard", false)).toBe(7);
  expect(runAfter(7, "otp", true)).toBe(7);
});
