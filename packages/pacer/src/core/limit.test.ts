import fc from "fast-check";
import { expect, test } from "vitest";
import { dayMs, type Limit, mayWriteAt, minutePace, promised, spend, unspent } from "./limit.ts";

const minute = (perMinute: number): Limit => ({ scope: "tenant", key: "t", perMinute, perDay: null });
/** Monotonic time is the database's here. */
const at = (now: number, ahead = 0) => ({ ahead, dbNow: now, offsetMs: 0 });

test.each([
  [1, 1, 60_000],
  [10, 1, 6_000],
  [60, 6, 60_000 / 55],
  [600, 60, 60_000 / 541],
])("%i a minute: %i at once, one each %d ms", (perMinute, burst, intervalMs) => {
  expect(minutePace(perMinute)).toEqual({ burst, intervalMs });
});

test("no minute sees more than the limit, whatever the demand, and a steady demand gets nearly all of it", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 300 }),
      (perMinute, pauses) => {
        const spent = unspent(0);
        const writes: number[] = [];
        let now = 0;
        for (const pause of pauses) {
          now = Math.max(now + (pause < 10_000 ? 0 : pause), mayWriteAt(minute(perMinute), spent, at(now)));
          spend(minute(perMinute), spent, now, now);
          writes.push(now);
        }
        for (const from of writes)
          expect(writes.filter((w) => w >= from && w < from + 60_000 - 1e-6).length).toBeLessThanOrEqual(
            perMinute,
          );
      },
    ),
  );
  const { intervalMs } = minutePace(600);
  expect(60_000 / intervalMs).toBeGreaterThan(540);
});

test("a day's limit ends with the day", () => {
  const limit: Limit = { scope: "tenant", key: "t", perMinute: null, perDay: 3 };
  const spent = unspent(4);
  const noon = 4 * dayMs + dayMs / 2;
  for (let i = 0; i < 3; i++) {
    expect(mayWriteAt(limit, spent, at(noon))).toBeLessThan(noon);
    spend(limit, spent, noon, noon);
  }
  expect(mayWriteAt(limit, spent, at(noon))).toBe(5 * dayMs);
  expect(mayWriteAt(limit, spent, at(5 * dayMs))).toBeLessThan(5 * dayMs);
  spend(limit, spent, 5 * dayMs, 5 * dayMs);
  expect(spent).toMatchObject({ day: 5, dayCount: 1 });
});

test("what is reserved counts as sent for the next pick and for what a claim promises", () => {
  const limit: Limit = { scope: "tenant", key: "t", perMinute: 10, perDay: 5 };
  const spent = { ...unspent(0), reserved: 2 };
  expect(mayWriteAt(limit, spent, at(1_000, 2))).toBe(1_000 + 12_000);
  expect(mayWriteAt(limit, spent, at(1_000, 5))).toBe(dayMs);
  expect(promised(limit, spent, 1_000, 1_000)).toEqual({ tat: 13_000, day: 0, dayCount: 2 });
});
