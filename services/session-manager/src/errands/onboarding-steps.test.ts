import { expect, test } from "vitest";
import { onboardingSteps, progressOf, stepAfter } from "./onboarding-steps.ts";

test("rights are checked before anything is changed, and the number is registered last", () => {
  expect(onboardingSteps).toEqual(["rights", "subscribe", "register"]);
  expect(stepAfter("rights")).toBe("subscribe");
  expect(stepAfter("register")).toBeNull();
});

test.each([
  ["rights", false, ["under way", "to come", "to come"]],
  ["subscribe", true, ["done", "stopped", "to come"]],
  ["register", false, ["done", "done", "under way"]],
  [null, false, ["done", "done", "done"]],
] as const)("at %s (stopped: %s): %o", (at, stopped, progress) =>
  expect(progressOf(at, stopped).map((row) => row.progress)).toEqual(progress),
);
