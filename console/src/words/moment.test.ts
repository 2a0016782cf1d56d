import { expect, test } from "vitest";
import { clock, exact, gap, relative } from "./moment.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const at = (offsetS: number) => new Date(now + offsetS * 1_000).toISOString();

test.each([
  [0, "now"],
  [3, "now"],
  [-42, "42 s ago"],
  [-200, "3 min ago"],
  [7_300, "in 2 h"],
  [-3 * 86_400, "3 d ago"],
  [-30 * 86_400, "23 Oct 2026"],
])("%s seconds from now read %s", (offsetS, text) => expect(relative(at(offsetS), now)).toBe(text));

test("what is no time is shown as it came", () => {
  expect(relative("soon", now)).toBe("soon");
  expect(exact("soon")).toBe("soon");
});

test.each([
  [at(0), at(0.012), "+12 ms"],
  [at(0), at(-1), "+0 ms"],
  [at(0), at(3.21), "+3.2 s"],
  [at(0), at(150), "+2 min"],
  [at(0), at(5_400), "+1.5 h"],
])("from %s to %s is %s", (from, to, text) => expect(gap(from, to)).toBe(text));

test("the exact time names its zone, a timeline's its milliseconds", () => {
  expect(exact("2026-11-22T12:00:00Z", "UTC")).toBe("22 Nov 2026, 12:00:00 UTC");
  expect(clock("2026-11-22T12:00:00.042Z", "UTC")).toBe("12:00:00.042");
});
