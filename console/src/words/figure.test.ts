import fc from "fast-check";
import { expect, test } from "vitest";
import { bytes, compact, count, duration, percent, perSecond, plural } from "./figure.ts";

test.each([
  [0, "0 s"],
  [59.6, "1 min"],
  [90, "1 min 30 s"],
  [3_600, "1 h"],
  [7_500, "2 h 5 min"],
  [90_061, "1 d 1 h"],
  [null, "–"],
])("%s seconds read %s", (seconds, text) => expect(duration(seconds)).toBe(text));

test.each([
  [1, 1, "100 %"],
  [99_999, 100_000, "> 99.9 %"],
  [1, 100_000, "< 0.1 %"],
  [0, 5, "0 %"],
  [1, 3, "33.3 %"],
  [1, 0, "–"],
])("%s of %s reads %s", (part, of, text) => expect(percent(part, of)).toBe(text));

test("a share says 100 % or 0 % only where that is exact", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 9 }), fc.integer({ min: 1, max: 10 ** 9 }), (a, b) => {
      const [part, of] = [Math.min(a, b), Math.max(a, b)];
      if (part !== of) expect(percent(part, of)).not.toBe("100 %");
      expect(percent(part, of)).not.toBe("0 %");
    }),
  );
});

test.each([
  [perSecond(0.2), "1 in 5 s"],
  [perSecond(80), "80/s"],
  [perSecond(0), "0/s"],
  [compact(9_999), "9,999"],
  [compact(1_234_567), "1.2M"],
  [count(50_000), "50,000"],
  [bytes(999), "999 B"],
  [bytes(2_500_000), "2.5 MB"],
  [plural(1, "message"), "1 message"],
  [plural(1_000, "message"), "1,000 messages"],
])("%s", (text, wanted) => expect(text).toBe(wanted));
