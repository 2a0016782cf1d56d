import fc from "fast-check";
import { expect, test } from "vitest";
import { inHandMost, isIndebted, type Pairs, pairMayWriteAt, pairOf, pairWritten } from "./pair.ts";

const limit = { intervalMs: 6_000, burst: 45 };

test("a burst to one person leaves at once, then one each interval", () => {
  const pairs: Pairs = new Map();
  // Owned for long: nothing is owed.
  const since = -1e9;
  const writes: number[] = [];
  let now = 0;
  for (let i = 0; i < 50; i++) {
    now = Math.max(now, pairMayWriteAt(limit, pairs.get("p"), since, now));
    pairWritten(pairs, "p", limit, since, now);
    writes.push(now);
  }
  expect(writes.slice(0, 45).every((at) => at === 0)).toBe(true);
  expect(writes.slice(45)).toEqual([6_000, 12_000, 18_000, 24_000, 30_000]);
});

test("those in hand are counted", () => {
  const pairs: Pairs = new Map();
  const pair = pairOf(pairs, "p", { intervalMs: 6_000, burst: 2 }, -1e9);
  pair.tat = 0;
  pair.inHand = 2;
  expect(pairMayWriteAt({ intervalMs: 6_000, burst: 2 }, pair, -1e9, 1_000)).toBe(7_000);
});

test("the limit holds over any window, also across take-overs that know only what was stored", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.array(fc.record({ pause: fc.integer({ min: 0, max: 30_000 }), crash: fc.boolean() }), {
        minLength: 1,
        maxLength: 150,
      }),
      (burst, steps) => {
        const of = { intervalMs: 6_000, burst };
        let pairs: Pairs = new Map();
        let since = 0;
        let stored: number | null = null;
        let unstored = 0;
        let now = 0;
        // The judge knows the writes alone.
        let tat = Number.NEGATIVE_INFINITY;
        for (const { pause, crash } of steps) {
          now += pause < 20_000 ? pause / 40 : pause;
          if (crash) {
            pairs = new Map();
            since = now;
            if (stored !== null) pairs.set("p", { tat: stored + inHandMost * of.intervalMs, inHand: 0 });
            unstored = 0;
          }
          now = Math.max(now, pairMayWriteAt(of, pairs.get("p"), since, now));
          expect(now).toBeGreaterThanOrEqual(tat - (burst - 1) * of.intervalMs - 1e-6);
          tat = Math.max(tat, now) + of.intervalMs;
          const pair = pairWritten(pairs, "p", of, since, now);
          // Each statement that claims stores it, and no more are in hand between two of them.
          if (++unstored >= inHandMost && isIndebted(of, pair, now)) {
            stored = pair.tat;
            unstored = 0;
          }
        }
      },
    ),
  );
});

test("pairs that owe nothing are forgotten", () => {
  const pairs: Pairs = new Map();
  for (let i = 0; i < 10_000; i++) pairWritten(pairs, `p${i}`, limit, -1e9, i * 10);
  expect(pairs.size).toBeLessThan(700);
});
