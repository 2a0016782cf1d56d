import fc from "fast-check";
import { expect, test } from "vitest";
import { budgetOf, take } from "./budget.ts";
import { createRequestRate, judged } from "./request-rate.ts";
import type { SharedTaken } from "./shared-budgets.ts";

test("a budget never lets through more than its burst and what has refilled since, whatever the times between", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 80 }),
      fc.integer({ min: 1, max: 10 }),
      (gapsUs, most) => {
        const budget = budgetOf(most, 1_000);
        const takenAt: number[] = [];
        let whole = 0;
        let nowUs = 0;
        for (const gap of gapsUs) {
          nowUs += gap;
          const next = take(budget, whole, nowUs);
          whole = next.wholeAtUs;
          if (next.taken.kind === "taken") takenAt.push(nowUs);
          // Once more after the time it names, it goes through.
          else {
            const later = nowUs + Math.ceil(next.taken.retryAfterMs * 1_000);
            expect(take(budget, whole, later).taken.kind).toBe("taken");
          }
        }
        for (const [i, from] of takenAt.entries())
          for (const [j, to] of takenAt.slice(i).entries())
            expect(j + 1).toBeLessThanOrEqual(most + (to - from) / budget.intervalUs + 1e-6);
      },
    ),
  );
});

test.each([
  [{ kind: "taken", left: 7, wholeInMs: 1_200 } as const, '"key";r=7;t=2', null],
  [{ kind: "refused", retryAfterMs: 300 } as const, '"key";r=0;t=1', 0.3],
])("%o is told in the headers of the draft", (taken, ratelimit, retryAfterS) => {
  const said = judged(taken, 100);
  expect(said.headers).toEqual({ ratelimit, "ratelimit-policy": '"key";q=200;w=2' });
  expect(said.problem?.facts.retryAfterS ?? null).toBe(retryAfterS);
});

test("Redis away: each process lets through its share of the key's rate, and other keys have their own", async () => {
  let nowMs = 1_000_000;
  let fallbacks = 0;
  const judge = createRequestRate({
    budgets: { take: async (): Promise<SharedTaken> => ({ kind: "unknown", error: new Error("away") }) },
    requestsPerS: () => 40,
    processes: 4,
    nowMs: () => nowMs,
    onFallback: () => void fallbacks++,
  });
  const passed = async (keyId: string, times: number) => {
    let count = 0;
    for (let i = 0; i < times; i++)
      if ((await judge({ keyId, actorTenant: "acme" })).problem === null) count++;
    return count;
  };
  expect(await passed("a", 50)).toBe(20);
  expect(await passed("b", 5)).toBe(5);
  nowMs += 1_000;
  expect(await passed("a", 50)).toBe(10);
  expect(fallbacks).toBe(105);
});
