import fc from "fast-check";
import { expect, test } from "vitest";
import { anchor, arrivalAfter, arrivalAtTakeOver, intervalMs } from "./gcra.ts";

const catchUpMs = 20;

test.each([
  { what: "on time", arrival: 100, at: 100, next: 110 },
  { what: "late within the allowance keeps the cadence", arrival: 100, at: 115, next: 110 },
  { what: "later than that loses the rest", arrival: 100, at: 150, next: 140 },
])("$what", ({ arrival, at, next }) => {
  expect(arrivalAfter(arrival, at, 10, catchUpMs)).toBe(next);
});

test("a gap only ever makes the interval longer", () => {
  expect(intervalMs(1, { min: 100, max: 200 }, 0.5)).toBe(1000);
  expect(intervalMs(1, { min: 2000, max: 4000 }, 0.5)).toBe(3000);
  expect(intervalMs(80, undefined, 0.5)).toBe(12.5);
});

test("an idle member earns nothing", () => {
  expect(anchor(100, 5_000)).toBe(5_000);
  expect(anchor(6_000, 5_000)).toBe(6_000);
});

test.each([
  { what: "nothing stored: one interval", stored: null, clean: true, arrival: 1_100 },
  { what: "handed over: exactly what was promised", stored: 1_040, clean: true, arrival: 1_040 },
  { what: "handed over long ago: now", stored: 200, clean: true, arrival: 1_000 },
  { what: "crashed: as late as a slot allows", stored: 1_040, clean: false, arrival: 2_040 },
  { what: "crashed: one interval, it may have written late", stored: 0, clean: false, arrival: 1_100 },
])("at a take-over, $what", ({ stored, clean, arrival }) => {
  expect(arrivalAtTakeOver(stored, 1_000, 100, { cleanHandOver: clean, slotLatenessMs: 1_000 })).toBe(
    arrival,
  );
});

test("however late the timers are, a judge who allows the catch-up sees no excess in any window", () => {
  const steps = fc.array(
    fc.record({ late: fc.double({ min: 0, max: 200, noNaN: true }), idle: fc.boolean() }),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(fc.double({ min: 0.5, max: 1000, noNaN: true }), steps, (ratePerS, writes) => {
      const interval = intervalMs(ratePerS, undefined, 0);
      let arrival = 0;
      let now = 0;
      let judge = 0;
      for (const { late, idle } of writes) {
        if (idle) {
          now = Math.max(now, arrival) + 10_000;
          arrival = anchor(arrival, now);
        }
        const at = Math.max(now, arrival) + late;
        expect(at).toBeGreaterThanOrEqual(judge - catchUpMs - 1e-6);
        judge = Math.max(judge, at) + interval;
        arrival = arrivalAfter(arrival, at, interval, catchUpMs);
        now = at;
      }
    }),
  );
});
