import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type StreamPace,
  streamMayWriteAt,
  streamSlotAt,
  streamWritten,
  unspentStream,
} from "./stream-pace.ts";

const pace = (ratePerS: number): StreamPace => ({ key: "c", ratePerS, reason: "campaign_pace" });

test("no window sees more than the rate, whatever the demand, the lateness of timers and the changes of the rate", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(0, 20),
      fc.array(
        fc.record({
          ratePerS: fc.constantFrom(0.1, 1, 7, 200),
          lateMs: fc.integer({ min: 0, max: 60 }),
          idleMs: fc.constantFrom(0, 0, 0, 5_000),
        }),
        { minLength: 2, maxLength: 100 },
      ),
      (catchUpMs, steps) => {
        const spent = unspentStream();
        const writes: { at: number; intervalMs: number }[] = [];
        let now = 0;
        for (const { ratePerS, lateMs, idleMs } of steps) {
          now = Math.max(now + idleMs, streamMayWriteAt(pace(ratePerS), spent)) + lateMs;
          streamWritten(pace(ratePerS), spent, now, catchUpMs);
          writes.push({ at: now, intervalMs: 1_000 / ratePerS });
        }
        writes.forEach((from, index) => {
          let leastMs = -catchUpMs - 1e-6;
          for (const to of writes.slice(index + 1)) {
            leastMs += to.intervalMs;
            expect(to.at - from.at).toBeGreaterThanOrEqual(leastMs);
          }
        });
      },
    ),
  );
});

test("timers that are late a little cost nothing of the rate", () => {
  const spent = unspentStream();
  let now = 0;
  for (let count = 0; count < 1_000; count++) {
    now = Math.max(now, streamMayWriteAt(pace(100), spent)) + (count % 3);
    streamWritten(pace(100), spent, now, 20);
  }
  expect(now).toBeLessThan(10_010);
});

test("a higher rate holds for the next write, however long the lower one would have made it wait", () => {
  const spent = unspentStream();
  streamWritten(pace(0.001), spent, 1_000, 20);
  expect(streamMayWriteAt(pace(0.001), spent)).toBe(1_001_000);
  expect(streamMayWriteAt(pace(10), spent)).toBe(1_100);
});

test("a slot lies behind all that is reserved, also where nothing has left yet", () => {
  expect(streamSlotAt(pace(10), { ...unspentStream(), reserved: 3 }, 5_000)).toBe(5_300);
  expect(streamSlotAt(pace(10), { lastAt: 5_050, reserved: 1 }, 5_000)).toBe(5_250);
});
