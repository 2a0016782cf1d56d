import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Answer, judge, retryAfterMs, retryWaitsMs } from "./outcome.ts";

const answered = (status: number, wait: number | null = null): Answer => ({
  kind: "answered",
  status,
  retryAfterMs: wait,
  excerpt: null,
});
const first = { seq: 1, attempt: 0, replayed_at_attempt: 0 };
const half = 0.5;

describe("an attempt", () => {
  it.each([
    [answered(200), "delivered", "delivered", 0],
    [answered(204), "delivered", "delivered", 0],
    [answered(301), "waiting", "retry", 5_000],
    [answered(400), "waiting", "retry", 5_000],
    [answered(500), "waiting", "retry", 5_000],
    [answered(429, 60_000), "waiting", "retry", 60_000],
    [answered(503, 1_000), "waiting", "retry", 5_000],
    [answered(503, 48 * 3600_000), "waiting", "retry", 3600_000],
    [answered(500, 60_000), "waiting", "retry", 5_000],
    [answered(410), "waiting", "disabled", 0],
    [{ kind: "none", why: "timeout" } as Answer, "waiting", "retry", 5_000],
  ])("that ends with %j leaves the row %s (%s), to be tried in %i ms", (answer, state, outcome, waitMs) => {
    expect(judge(first, answer, half)).toMatchObject({ state, outcome, waitMs, attempt: 1 });
  });

  it("follows the schedule to its tenth, then is given up", () => {
    const waits: number[] = [];
    for (let attempt = 0; ; attempt++) {
      const judged = judge({ ...first, attempt }, answered(500), half);
      if (judged.state === "given_up") {
        expect(judged.attempt).toBe(10);
        break;
      }
      waits.push(judged.waitMs);
    }
    expect(waits).toEqual(retryWaitsMs);
  });

  it("after a replay follows the schedule from its beginning, and is counted on", () => {
    const replayed = { seq: 1, attempt: 10, replayed_at_attempt: 10 };
    expect(judge(replayed, answered(500), half)).toMatchObject({
      attempt: 11,
      state: "waiting",
      waitMs: 5_000,
    });
    expect(judge({ ...replayed, attempt: 19 }, answered(500), half)).toMatchObject({ state: "given_up" });
  });

  it("is never tried again sooner than 80 % nor later than 120 % of its wait", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 8 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, random) => {
          const { waitMs } = judge({ ...first, attempt }, answered(500), random);
          expect(waitMs / retryWaitsMs[attempt]!).toBeGreaterThanOrEqual(0.799);
          expect(waitMs / retryWaitsMs[attempt]!).toBeLessThanOrEqual(1.201);
        },
      ),
    );
  });
});

describe("Retry-After", () => {
  it.each([
    ["120", 120_000],
    ["0", 0],
    ["Fri, 20 Nov 2026 12:00:30 GMT", 30_000],
    ["Fri, 20 Nov 2026 11:00:00 GMT", 0],
    ["soon", null],
    [undefined, null],
  ])("%j is %j ms", (header, ms) => {
    expect(retryAfterMs(header, Date.UTC(2026, 10, 20, 12))).toBe(ms);
  });
});
