import { describe, expect, test } from "vitest";
import { planMessage } from "./choices.ts";
import { bend, createFaults, type FaultKind, type FaultRequest } from "./faults.ts";
import { PROFILES } from "./profiles.ts";

function request(kind: FaultKind, more: Partial<FaultRequest> = {}): FaultRequest {
  const none = {
    count: null,
    rate: null,
    ms: 1_000,
    retryAfter: null,
    status: null,
    sent: false,
    code: 131_026,
  };
  return { kind, match: { sender: null, recipient: null }, ...none, ...more };
}

const target = { sender: "301", recipient: "15550001", key: "m1", nth: 0 };

describe("which messages a fault strikes", () => {
  test.each([
    ["everything, without a match", { sender: null, recipient: null }, true],
    ["its sender", { sender: "301", recipient: null }, true],
    ["no other sender", { sender: "302", recipient: null }, false],
    ["its recipient", { sender: null, recipient: "15550001" }, true],
    ["nobody else", { sender: "301", recipient: "15550002" }, false],
  ])("%s", (_name, match, struck) => {
    const faults = createFaults(1);
    faults.add(request("http_5xx", { match }));
    expect(faults.take(["http_5xx"], target) !== null).toBe(struck);
  });

  test("only as often as it should", () => {
    const faults = createFaults(1);
    faults.add(request("http_5xx", { count: 2 }));
    const struck = [1, 2, 3].map(() => faults.take(["http_5xx"], target) !== null);
    expect(struck).toEqual([true, true, false]);
  });

  test("the same share of messages for the same seed, in any order", () => {
    const strike = (keys: string[]) => {
      const faults = createFaults(5);
      faults.add(request("http_5xx", { rate: 0.25 }));
      return new Set(keys.filter((key) => faults.take(["http_5xx"], { ...target, key }) !== null));
    };
    const keys = Array.from({ length: 2_000 }, (_, i) => `m${i}`);
    const struck = strike(keys);
    expect(struck.size).toBeGreaterThan(420);
    expect(struck.size).toBeLessThan(580);
    expect(strike(keys.toReversed())).toEqual(struck);
  });

  test("none after it was removed", () => {
    const faults = createFaults(1);
    const { id } = faults.add(request("http_5xx"));
    expect(faults.remove(id)).toBe(true);
    expect(faults.take(["http_5xx"], target)).toBeNull();
  });
});

describe("what a fault does to a message's callbacks", () => {
  const plan = planMessage(1, PROFILES.demo.cloudApi, "m");
  const bent = (kind: FaultKind) => bend(plan, [createFaults(1).add(request(kind))]);
  const told = (steps: typeof plan.steps) =>
    steps.toSorted((a, b) => a.callbackMs - b.callbackMs).map((s) => s.status);

  test("reorder: told backwards, with the true times of the events", () => {
    expect(told(bent("reorder_callbacks").steps)).toEqual(["read", "delivered", "sent"]);
    expect(bent("reorder_callbacks").steps.map((s) => s.eventMs)).toEqual(plan.steps.map((s) => s.eventMs));
  });
  test("late: by so much", () => {
    expect(bent("late_callbacks").steps.map((s) => s.callbackMs)).toEqual(
      plan.steps.map((s) => s.callbackMs + 1_000),
    );
  });
  test("duplicate: twice", () => expect(bent("duplicate_callbacks").duplicate).toBe(true));
  test("early: the first at once", () => {
    expect(bent("early_callbacks").early).toBe(true);
    expect(bent("early_callbacks").steps[0]).toMatchObject({ status: "sent", callbackMs: 0 });
  });
  test("failed later: nothing but the failure", () => {
    expect(bent("failed_later")).toMatchObject({ failCode: 131_026, steps: [{ status: "failed" }] });
  });
  test("early and reordered: what is told first comes early", () => {
    const faults = createFaults(1);
    const both = [faults.add(request("reorder_callbacks")), faults.add(request("early_callbacks"))];
    expect(told(bend(plan, both).steps)).toEqual(["read", "delivered", "sent"]);
    expect(bend(plan, both).steps.map((s) => s.callbackMs)).toContain(0);
  });
});
