import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judge, nothingSeen } from "./judge.ts";

const T = 100;
const TOLERANCE = 50;

/** Runs receptions through the judge; returns which were accused. */
function judgeAll(spans: { earliest: number; at: number }[], burst: number): boolean[] {
  let seen = nothingSeen;
  return spans.map((span) => {
    const verdict = judge(seen, { intervalMs: T, burst }, span, TOLERANCE);
    if (verdict.kind === "conforms") seen = verdict.seen;
    return verdict.kind === "violates";
  });
}

const exact = (at: number) => ({ earliest: at, at });

describe("the judge", () => {
  test.each([
    ["evenly spaced", [0, 100, 200, 300], 1, [false, false, false, false]],
    ["early by the tolerance", [0, 50, 150], 1, [false, false, false]],
    ["early by more than the tolerance", [0, 49], 1, [false, true]],
    ["a violation does not push the next one back", [0, 10, 100], 1, [false, true, false]],
    ["slack is not saved up", [0, 1_000, 1_000], 1, [false, false, true]],
    ["a burst of three, then one too many", [0, 0, 0, 0], 3, [false, false, false, true]],
    ["a burst is borrowed from the future", [0, 0, 0, 100, 151], 3, [false, false, false, false, false]],
  ])("%s", (_name, times, burst, accused) => {
    expect(
      judgeAll(
        times.map((t) => exact(10_000 + t)),
        burst,
      ),
    ).toEqual(accused);
  });

  test("never accuses a sender at its rate whose messages are delayed by up to the tolerance", () => {
    const gaps = fc.array(
      fc.record({ pause: fc.integer({ min: 0, max: 400 }), delay: fc.integer({ min: 0, max: TOLERANCE }) }),
    );
    fc.assert(
      fc.property(gaps, (rows) => {
        let sentAt = 10_000;
        const spans = rows.map(({ pause, delay }) => {
          sentAt += T + pause;
          return exact(sentAt + delay);
        });
        expect(judgeAll(spans, 1)).not.toContain(true);
      }),
    );
  });

  test("never accuses a sender at its rate while the judge itself looks away", () => {
    // Looked at only at some moments: everything that came since the last look is seen at once.
    const looks = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 5, maxLength: 40 });
    fc.assert(
      fc.property(looks, (pauses) => {
        const spans: { earliest: number; at: number }[] = [];
        let previousLook = 10_000;
        let nextArrival = 10_000;
        for (const pause of pauses) {
          const look = previousLook + pause;
          for (; nextArrival <= look; nextArrival += T) spans.push({ earliest: previousLook, at: look });
          previousLook = look;
        }
        expect(judgeAll(spans, 1)).not.toContain(true);
      }),
    );
  });

  test("does not take what waited longest for what came last", () => {
    // Five waited since 10,000 while the judge looked away; the one that had just come is read before the last four of them.
    const waited = { earliest: 10_000, at: 10_520 };
    const fresh = { earliest: 10_500, at: 10_520 };
    expect(judgeAll([waited, fresh, waited, waited, waited, waited], 1)).not.toContain(true);
    // What had just come, all of it, is too much.
    expect(judgeAll([waited, fresh, fresh, waited], 1)).toEqual([false, false, true, false]);
  });

  test("accuses nobody who kept the rate, in whichever order it comes round to what waits", () => {
    const looks = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 5, maxLength: 40 });
    fc.assert(
      fc.property(looks, fc.infiniteStream(fc.nat()), (pauses, orders) => {
        const spans: { earliest: number; at: number }[] = [];
        let [beforeLast, last, nextArrival] = [10_000, 10_000, 10_000];
        for (const pause of pauses) {
          const look = last + pause;
          const found: { earliest: number; at: number }[] = [];
          for (; nextArrival <= look; nextArrival += T) {
            // Some are known to have come since the last look, of others only since the one before.
            const isSharp = nextArrival >= last && orders.next().value! % 2 === 0;
            found.push({ earliest: isSharp ? last : Math.min(beforeLast, nextArrival), at: look });
          }
          while (found.length > 0) spans.push(...found.splice(orders.next().value! % found.length, 1));
          [beforeLast, last] = [last, look];
        }
        expect(judgeAll(spans, 1)).not.toContain(true);
      }),
    );
  });

  test("what came in order and at a known time is judged like a GCRA, for as long as it likes", () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 2 * T }), { maxLength: 300 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 5 }), (rows, burst) => {
        let at = 10_000;
        const times = rows.map((gap) => (at += gap));
        let tat = 0;
        const expected = times.map((time) => {
          const isEarly = time < tat - (burst - 1) * T - TOLERANCE;
          if (!isEarly) tat = Math.max(tat, time) + T;
          return isEarly;
        });
        expect(judgeAll(times.map(exact), burst)).toEqual(expected);
      }),
    );
  });

  test("lets no window hold more than rate, burst and tolerance allow", () => {
    const arrivals = fc.array(fc.integer({ min: 0, max: 150 }), { maxLength: 80 });
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1, max: 5 }), (gaps, burst) => {
        let at = 10_000;
        const times = gaps.map((gap) => (at += gap));
        const accused = judgeAll(times.map(exact), burst);
        const passed = times.filter((_, i) => !accused[i]);
        for (let i = 0; i < passed.length; i++) {
          for (let j = i; j < passed.length; j++) {
            const length = (passed[j] ?? 0) - (passed[i] ?? 0);
            expect((j - i + 1 - burst) * T).toBeLessThanOrEqual(length + TOLERANCE);
          }
        }
      }),
    );
  });
});
