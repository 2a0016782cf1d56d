import fc from "fast-check";
import { expect, test } from "vitest";
import { type ErrandKind, nextTry, waitMs } from "./errand.ts";

const kinds: ErrandKind[] = ["create", "connect", "remove", "onboard"];
const week = 7 * 24 * 3_600_000;
const refused = { kind: "refused", detail: "no" } as const;
const later = (retryAfterMs: number | null) => ({ kind: "again", detail: "?", retryAfterMs }) as const;

test("waits double from five seconds up to the kind's most, spread by a fifth", () => {
  expect(waitMs("connect", 1, 0.5)).toBe(5_000);
  expect(waitMs("connect", 2, 0.5)).toBe(10_000);
  expect(waitMs("connect", 99, 0.5)).toBe(30 * 60_000);
  expect(waitMs("create", 99, 0)).toBe(8 * 60_000);
  expect(waitMs("create", 1, 0.999_999)).toBe(6_000);
});

test.each(kinds)(
  "%s that told us nothing is tried again, for ever, never before the provider's own wait",
  (kind) => {
    fc.assert(
      fc.property(
        fc.nat({ max: 200 }),
        fc.nat({ max: 10 * week }),
        fc.option(fc.nat({ max: week })),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (tries, ageMs, named, random) => {
          const next = nextTry({ kind, tries, begunMs: 0 }, later(named), ageMs, random);
          expect(next).toMatchObject({ kind: "again" });
          if (next.kind === "again") expect(next.inMs).toBeGreaterThanOrEqual(Math.max(named ?? 0, 4_000));
        },
      ),
    );
  },
);

test.each(["create", "connect", "onboard"] as const)(
  "%s that was refused is not repeated until somebody acts",
  (kind) => expect(nextTry({ kind, tries: 1, begunMs: 0 }, refused, 0, 0)).toEqual({ kind: "stopped" }),
);

test("a refused removal is repeated for a week, then given up", () => {
  const errand = { kind: "remove", tries: 50, begunMs: 0 } as const;
  expect(nextTry(errand, refused, week - 1, 0.5)).toEqual({ kind: "again", inMs: 3_600_000 });
  expect(nextTry(errand, refused, week, 0.5)).toEqual({ kind: "given_up" });
});
