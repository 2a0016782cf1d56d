import { describe, expect, it, test } from "vitest";
import { type Asked, askOf, type KnownFile, nextOf, restMs } from "./known-file.ts";

const now = 100_000;
const until = now + 500;

describe("a message with a file", () => {
  test.each<[string, KnownFile | undefined, Asked, boolean]>([
    ["that nobody asked for yet", undefined, { kind: "wait", ms: 1_000, why: null }, true],
    [
      "that is being fetched",
      { kind: "busy", since: now - 200 },
      { kind: "wait", ms: 1_000, why: null },
      false,
    ],
    [
      "that has been for long",
      { kind: "busy", since: now - 4_000 },
      { kind: "wait", ms: 4_000, why: null },
      false,
    ],
    [
      "that has been for very long",
      { kind: "busy", since: 0 },
      { kind: "wait", ms: 10_000, why: null },
      false,
    ],
    ["that is there", { kind: "uploaded", id: "9", until }, { kind: "ready", id: "9" }, false],
    [
      "whose id is about to end",
      { kind: "uploaded", id: "9", until: now },
      { kind: "wait", ms: 1_000, why: null },
      true,
    ],
    [
      "that failed",
      { kind: "failed", why: "x", until, failures: 1 },
      { kind: "wait", ms: 500, why: "x" },
      false,
    ],
    [
      "that failed a while ago",
      { kind: "failed", why: "x", until: now, failures: 1 },
      { kind: "wait", ms: 1_000, why: null },
      true,
    ],
    ["that can't be used", { kind: "unusable", why: "x", until }, { kind: "unusable", why: "x" }, false],
    [
      "that could not be used",
      { kind: "unusable", why: "x", until: now },
      { kind: "wait", ms: 1_000, why: null },
      true,
    ],
  ])("%s", (_what, known, asked, start) => {
    expect(askOf(known, now)).toEqual({ asked, start });
  });
});

test.each([
  [1, null, 2_000],
  [2, null, 4_000],
  [5, null, 32_000],
  [99, null, 300_000],
  [1, 60_000, 60_000],
  [1, 86_400_000, 300_000],
])("after %d failures and a named wait of %s it rests for %d ms", (failures, named, ms) => {
  expect(restMs(failures, named)).toBe(ms);
});

describe("places", () => {
  const [a, b, c] = [{ tenant: "a" }, { tenant: "b" }, { tenant: "c" }];
  const of = { all: 3, perTenant: 2 };

  it("a tenant that has its part lets another pass by", () => {
    expect(nextOf([a, a, b], [a, a], of)).toBe(b);
    expect(nextOf([a, a], [a, a], of)).toBeNull();
  });

  it("the oldest is next, while there is a place at all", () => {
    expect(nextOf([c, a], [a], of)).toBe(c);
    expect(nextOf([c], [a, a, b], of)).toBeNull();
    expect(nextOf([], [], of)).toBeNull();
  });
});
