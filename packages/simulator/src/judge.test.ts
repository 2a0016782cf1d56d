import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judge } from "./judge.ts";

const T = 100;
const TOLERANCE = 50;

/** Runs receptions through the judge; returns which were accused. */
function judgeAll(spans: { earliest: number; at: number }[], burst: number): boolean[] {
  let tat = 0;
  return spans.map((span) => {
    const verdict = judge(tat, { intervalMs: T, burst }, span, TOLERANCE);
    if (verdict.kind === "conforms") tat = verdict.tat;
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
