import { expect, test } from "vitest";
import { createStillness } from "./stillness.ts";

test("a queue ages while its head stays, begins anew when it moves, and has no age when it is empty", () => {
  const age = createStillness();
  expect(age({ rows: 3, head: 7, nowMs: 1_000 })).toBe(0);
  expect(age({ rows: 9, head: 7, nowMs: 6_000 })).toBe(5);
  expect(age({ rows: 8, head: 8, nowMs: 7_000 })).toBe(0);
  expect(age({ rows: 8, head: 8, nowMs: 9_500 })).toBe(2.5);
  expect(age({ rows: 0, head: 0, nowMs: 10_000 })).toBe(0);
  expect(age({ rows: 1, head: 8, nowMs: 12_000 })).toBe(0);
});
