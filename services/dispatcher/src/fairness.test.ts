import { expect, test } from "vitest";
import { fairness } from "./fairness.ts";

const lanes = (bulk: number) => ({ otp: 0, standard: 0, bulk });
const look = (sent: Record<string, number>, queued: Record<string, number> = {}, held: string[] = []) => ({
  perTenant: Object.entries(sent).map(([tenant, sentTotal]) => ({
    tenant,
    shard: 0,
    queued: lanes(queued[tenant] ?? 100),
    oldestMs: { otp: null, standard: null, bulk: 5 },
    inFlight: 0,
    inDoubt: 0,
    sentTotal,
  })),
  members: Object.keys(sent).map((tenant) => ({
    id: `${tenant}-1`,
    tenant,
    shard: 0,
    configuredRatePerS: 10,
    effectiveRatePerS: 10,
    pausedUntil: null,
    heldReason: held.includes(tenant) ? "session_not_connected" : null,
    queued: lanes(queued[tenant] ?? 100),
  })),
});

test.each([
  ["both at their pace", { a: 0, b: 0 }, { a: 100, b: 100 }, {}, [], 1],
  ["one starved", { a: 0, b: 0 }, { a: 100, b: 0 }, {}, [], 0.5],
  ["one starved because its session is down: nobody's fault", { a: 0, b: 0 }, { a: 100, b: 0 }, {}, ["b"], 1],
  ["one had nothing to send", { a: 0, b: 0 }, { a: 100, b: 0 }, { b: 0 }, [], 1],
])("%s", (_what, before, after, queued, held, index) => {
  expect(fairness(look(before, queued), look(after, queued, held), 10)).toBeCloseTo(index, 6);
});

test("nobody waited", () => {
  expect(fairness(look({}), look({}), 10)).toBeNull();
  expect(fairness(look({ a: 1 }), look({ a: 1 }), 0)).toBeNull();
});
