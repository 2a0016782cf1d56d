import { expect, test } from "vitest";
import { type CountedModule, countTests } from "./reporter.ts";

type State = "passed" | "failed" | "skipped" | "pending";

function module(states: State[], errors: { module?: number; suite?: number } = {}): CountedModule {
  const list = (n = 0) => Array.from({ length: n }, () => new Error("x"));
  return {
    relativeModuleId: "a.test.ts",
    errors: () => list(errors.module),
    children: {
      allSuites: () => [{ errors: () => list(errors.suite) }],
      allTests: () => states.map((state, i) => ({ fullName: `t${i}`, result: () => ({ state }) })),
    },
  };
}

test("tests are counted by their result, over all files", () => {
  const counts = countTests([module(["passed", "failed", "skipped"]), module(["passed"])], 0);
  expect(counts).toEqual({ passed: 2, failed: 1, skipped: 1, skippedNames: ["a.test.ts > t2"] });
});

test.each([
  ["a file that could not be collected", [module([], { module: 2 })], 0],
  ["a suite whose hook failed", [module(["passed"], { suite: 1 })], 0],
  ["an error outside any test", [module(["passed"])], 1],
  ["a test that the run did not finish", [module(["pending"])], 0],
])("%s is a failure", (_, modules, unhandled) => {
  expect(countTests(modules, unhandled).failed).toBe(1);
});
