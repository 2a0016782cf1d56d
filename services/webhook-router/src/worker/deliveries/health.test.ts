import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { failed, type Health, limitAt, maxLimit, newHealth, succeeded } from "./health.ts";

const fail = (health: Health, nowMs: number, over = {}) =>
  failed(health, { begunAt: nowMs, nowMs, restMs: 0, ...over });

describe("an endpoint's health", () => {
  it("halves its limit with each round of failures and then pauses, longer each time", () => {
    let health = newHealth;
    const seen: [number, number][] = [];
    for (let round = 0, nowMs = 0; round < 12; round++, nowMs = health.pausedUntil + 1) {
      health = fail(health, nowMs);
      seen.push([health.limit, Math.max(0, health.pausedUntil - nowMs)]);
    }
    expect(seen.slice(0, 6)).toEqual([
      [8, 0],
      [4, 0],
      [2, 5_000],
      [1, 10_000],
      [1, 20_000],
      [1, 40_000],
    ]);
    expect(seen.at(-1)).toEqual([1, 300_000]);
  });

  it("counts a burst that was under way at the first failure as one round", () => {
    let health = fail(newHealth, 100);
    for (let one = 0; one < 50; one++) health = failed(health, { begunAt: 50, nowMs: 110 + one, restMs: 0 });
    expect(health).toMatchObject({ limit: 8, rounds: 1 });
  });

  it("rests as long as the endpoint asks, even in a round that was counted", () => {
    const health = failed(fail(newHealth, 100), { begunAt: 50, nowMs: 120, restMs: 7_000 });
    expect(limitAt(health, 7_119)).toBe(0);
    expect(limitAt(health, 7_120)).toBe(8);
  });

  it("ends its pause with a success", () => {
    let health = newHealth;
    for (let round = 0; round < 5; round++) health = fail(health, 1000 * round);
    expect(limitAt(succeeded(health), 4_001)).toBe(2);
    expect(succeeded(health).rounds).toBe(0);
  });

  it("always lets something through in the end, and never more than the greatest limit", () => {
    const step = fc.record({ ok: fc.boolean(), afterMs: fc.nat(400_000), restMs: fc.nat(10_000) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        let health = newHealth;
        let nowMs = 0;
        for (const { ok, afterMs, restMs } of steps) {
          nowMs += afterMs;
          health = ok ? succeeded(health) : fail(health, nowMs, { restMs });
          expect(health.limit).toBeGreaterThanOrEqual(1);
          expect(health.limit).toBeLessThanOrEqual(maxLimit);
          expect(health.pausedUntil - nowMs).toBeLessThanOrEqual(300_000);
        }
      }),
    );
  });
});
