import fc from "fast-check";
import { expect, test } from "vitest";
import { factorAt, slowed, unadapted } from "./adapt.ts";

test("a throttle halves, a burst of them counts once, and the rate comes back in steps", () => {
  const once = slowed(unadapted, 10_000);
  expect(factorAt(once, 10_000)).toBe(0.5);
  expect(slowed(once, 10_500)).toBe(once);
  expect(factorAt(once, 15_000)).toBeCloseTo(0.55);
  expect(factorAt(slowed(once, 15_000), 15_000)).toBeCloseTo(0.275);
  expect(factorAt(once, 10_000 + 50_000)).toBe(1);
});

test("the factor stays above zero and at most one, and only rises while nothing comes", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20_000), { maxLength: 50 }), (waits) => {
      let state = unadapted;
      let now = 0;
      for (const wait of waits) {
        const before = factorAt(state, now);
        now += wait;
        expect(factorAt(state, now)).toBeGreaterThanOrEqual(before);
        state = slowed(state, now);
        expect(factorAt(state, now)).toBeGreaterThan(0);
        expect(factorAt(state, now)).toBeLessThanOrEqual(1);
      }
    }),
  );
});
