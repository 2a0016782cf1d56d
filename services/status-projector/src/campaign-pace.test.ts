import { expect, test } from "vitest";
import { etaS, leavingPerS, paceWindow } from "./campaign-pace.ts";

const now = Date.UTC(2026, 10, 20, 9, 30, 7);
const second = 1_000;

test("the pace is that of the last six whole ten seconds", () => {
  expect(paceWindow(now)).toEqual({ from: now - 67 * second, before: now - 7 * second });
  expect(leavingPerS(1_200, null, now)).toBe(20);
});

test.each([
  ["half a minute ago", now - 37 * second, 40],
  ["just now", now - 2 * second, 120],
  ["long ago", now - 3_600 * second, 20],
])("one that began %s", (_when, startedAt, perS) => {
  expect(leavingPerS(1_200, startedAt, now)).toBe(perS);
});

const processing = { state: "processing", total: 100, expanded: 80, skipped: 10, waiting: 30 };

test.each([
  ["what waits and what is not made yet, at its pace", processing, 4, 10],
  ["nothing left", { ...processing, expanded: 90, waiting: 0 }, 0, 0],
  ["nothing leaves at present", processing, 0, null],
  ["paused", { ...processing, state: "paused" }, 4, null],
  ["completed", { ...processing, state: "completed" }, 4, null],
  ["its total is not known yet", { ...processing, total: null }, 4, 8],
])("when it will have left: %s", (_what, campaign, perS, eta) => {
  expect(etaS(campaign, perS)).toBe(eta);
});
