import fc from "fast-check";
import { expect, test } from "vitest";
import { fromDbTime, latestDbTime, latestFromDbTime, sampleClock, toDbTime } from "./clock.ts";

const sample = (sentAt: number, receivedAt: number, dbNow: number) => ({ sentAt, receivedAt, dbNow });

test("a short round trip replaces a long one, a long one only an old one", () => {
  const rough = sampleClock(null, sample(0, 100, 1_000_050))!;
  expect(toDbTime(rough, 200)).toBe(1_000_200);
  const fine = sampleClock(rough, sample(200, 202, 1_000_211))!;
  expect(toDbTime(fine, 201)).toBe(1_000_211);
  expect(sampleClock(fine, sample(300, 400, 1_000_360))).toBe(fine);
  expect(sampleClock(fine, sample(20_000, 20_100, 1_020_050))).not.toBe(fine);
});

test("a step of the database's clock is followed at once, however good the last sample was", () => {
  const fine = sampleClock(null, sample(0, 1, 1_000_000))!;
  const stepped = sampleClock(fine, sample(100, 120, 1_060_110))!;
  expect(toDbTime(stepped, 120)).toBe(1_060_120);
  const back = sampleClock(stepped, sample(200, 240, 1_000_220))!;
  expect(toDbTime(back, 240)).toBe(1_000_240);
});

test("a statement that brought no time changes nothing", () => {
  expect(sampleClock(null, sample(0, 1, Number.NaN))).toBeNull();
});

test("a time handed from one process to another is never earlier, whatever each knows of the database's clock", () => {
  const ms = fc.double({ min: 0, max: 2_000, noNaN: true });
  fc.assert(
    fc.property(ms, ms, ms, ms, ms, (there, back, thereToo, backToo, at) => {
      // True time is the first process' clock; the second one's is 5,000 ahead.
      const dbNow = (trueMs: number) => Math.floor(1_000_000 + trueMs);
      const one = sampleClock(null, sample(0, there + back, dbNow(there)))!;
      const two = sampleClock(null, sample(5_000, 5_000 + thereToo + backToo, dbNow(thereToo)))!;
      const received = latestFromDbTime(two, latestDbTime(one, at)) - 5_000;
      expect(received).toBeGreaterThanOrEqual(at - 1.5);
    }),
  );
});

test("there and back again", () => {
  const clock = sampleClock(null, sample(0, 2, 5_000))!;
  expect(fromDbTime(clock, toDbTime(clock, 77))).toBe(77);
});
