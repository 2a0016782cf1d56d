import fc from "fast-check";
import { expect, test } from "vitest";
import { epochMs } from "./epoch-ms.ts";

test("seconds, milliseconds, numbers and strings of one moment are one time", () => {
  // 2001-09-10 to 2100: where 10^12 ms begin, and the end of plausible messages.
  fc.assert(
    fc.property(fc.integer({ min: 1_000_080_000, max: 4_102_444_800 }), (seconds) => {
      const ms = seconds * 1000;
      for (const written of [seconds, String(seconds), ms, String(ms)]) expect(epochMs(written)).toBe(ms);
    }),
  );
});

test.each([
  null,
  undefined,
  "",
  "soon",
  "2026-08-01T10:00:00Z",
  0,
  -5,
  Number.NaN,
  1e18,
  "9".repeat(30),
  {},
  [],
])("%j is no time", (value) => {
  expect(epochMs(value)).toBeNull();
});
