import { expect, test } from "vitest";
import { covers, isGrantable } from "./scopes.ts";

test.each([
  [["*"], true],
  [["rules:read"], true],
  [["rules:write"], true],
  [["rules:*"], true],
  [["messages:*", "rules:read"], true],
  [[], false],
  [["messages:read"], false],
  [["rules"], false],
  [["rule:*"], false],
])("%j covers rules:read: %s", (granted, expected) => {
  expect(covers(granted, "rules:read")).toBe(expected);
});

test("reading does not imply writing", () => {
  expect(covers(["rules:read"], "rules:write")).toBe(false);
});

test.each([
  ["*", true],
  ["rules:*", true],
  ["rules:write", true],
  ["status:write", false],
  ["rules", false],
  ["", false],
  ["nothing:*", false],
])("%j can be granted: %s", (scope, expected) => {
  expect(isGrantable(scope)).toBe(expected);
});
