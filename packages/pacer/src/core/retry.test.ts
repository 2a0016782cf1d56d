import fc from "fast-check";
import { expect, test } from "vitest";
import { retryDelayMs } from "./retry.ts";

const policy = { retryBaseMs: 1_000, retryCapMs: 300_000 };
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test("the provider's own wait is never shortened, and not made much longer", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 86_400_000 }),
      fc.integer({ min: 1, max: 100 }),
      random,
      (wait, n, r) => {
        const delay = retryDelayMs(n, wait, r, policy);
        expect(delay).toBeGreaterThanOrEqual(wait);
        expect(delay).toBeLessThanOrEqual(wait + 1_000);
      },
    ),
  );
});

test("otherwise exponential with full jitter, up to the cap", () => {
  expect([1, 2, 3, 20].map((n) => retryDelayMs(n, null, 0.5, policy))).toEqual([
    1_000, 2_000, 4_000, 150_000,
  ]);
  expect(retryDelayMs(5, null, 0, policy)).toBe(0);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), random, (n, r) => {
      expect(retryDelayMs(n, null, r, policy)).toBeLessThan(policy.retryCapMs);
    }),
  );
});
