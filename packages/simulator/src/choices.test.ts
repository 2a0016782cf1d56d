import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { draws, hash32, planMessage } from "./choices.ts";
import { PROFILES } from "./profiles.ts";

const key = fc.string({ unit: "grapheme" });

describe("choices", () => {
  test("a seed means the same on every machine and version", () => {
    expect(hash32("wamesh")).toBe(2_566_659_871);
    const draw = draws("1 key");
    expect([draw(), draw()]).toEqual([0.13510523620061576, 0.7642560505773872]);
  });

  test("same seed and message, same fate, whatever was planned in between", () => {
    fc.assert(
      fc.property(fc.nat(), key, key, (seed, message, other) => {
        const plan = planMessage(seed, PROFILES.real.cloudApi, message);
        planMessage(seed, PROFILES.real.cloudApi, other);
        expect(planMessage(seed, PROFILES.real.cloudApi, message)).toEqual(plan);
      }),
    );
  });

  test("another seed makes another fate", () => {
    const fates = new Set(
      Array.from({ length: 50 }, (_, seed) => planMessage(seed, PROFILES.demo.cloudApi, "x").answerMs),
    );
    expect(fates.size).toBe(50);
  });

  test("in the demo profile everybody reads, in order, within 3 seconds including the batching", () => {
    fc.assert(
      fc.property(fc.nat(), key, (seed, message) => {
        const { batchMs, cloudApi } = PROFILES.demo;
        const plan = planMessage(seed, cloudApi, message);
        const times = plan.steps.map((s) => s.callbackMs);
        expect(plan.steps.map((s) => s.status)).toEqual(["sent", "delivered", "read"]);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(Math.max(...times) + batchMs).toBeLessThan(3_000);
        expect(plan.answerMs).toBeGreaterThanOrEqual(5);
        expect(plan.answerMs).toBeLessThanOrEqual(20);
      }),
    );
  });

  test("the real profile keeps to its medians and shares", () => {
    const plans = Array.from({ length: 4_000 }, (_, i) =>
      planMessage(7, PROFILES.real.cloudApi, `message ${i}`),
    );
    const answers = plans.map((p) => p.answerMs).toSorted((a, b) => a - b);
    expect(answers[2_000]).toBeGreaterThan(110);
    expect(answers[2_000]).toBeLessThan(130);
    expect(answers[3_960]).toBeGreaterThan(650);
    expect(answers[3_960]).toBeLessThan(1_000);
    const read = plans.filter((p) => p.steps.some((s) => s.status === "read")).length / plans.length;
    expect(read).toBeCloseTo(0.6, 1);
  });

  test("the read fraction can be set, and moves nothing else", () => {
    const some = planMessage(1, PROFILES.demo.cloudApi, "m", 0);
    const all = planMessage(1, PROFILES.demo.cloudApi, "m", 1);
    expect(some.steps).toEqual(all.steps.slice(0, 2));
    expect(some.answerMs).toBe(all.answerMs);
  });
});
