import { type Status, type StatusOrigin, supersedes } from "@wamesh/events";
import fc from "fast-check";
import { expect, test } from "vitest";
import { phaseOf, stateOrder } from "./message.ts";

const statuses: Status[] = [
  "accepted",
  "queued",
  "claimed",
  "in_doubt",
  "unconfirmed",
  "sent",
  "delivered",
  "read",
  "played",
  "failed",
  "expired",
  "cancelled",
];
const state = fc.record({
  status: fc.constantFrom(...statuses),
  origin: fc.constantFrom<StatusOrigin>("mesh", "provider"),
  claim: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
});
const order = (of: { status: Status; origin: StatusOrigin; claim: number }) =>
  stateOrder(of.status, of.origin, of.claim)!;

test("the number that SQL compares says the same as the merge rule all services share", () => {
  const small = state.map((of) => ({ ...of, claim: of.claim % 4 }));
  for (const one of [state, small])
    fc.assert(
      fc.property(one, one, (next, current) => {
        expect(order(next) > order(current)).toBe(supersedes(next, current));
      }),
      { numRuns: 2_000 },
    );
});

test("it is exact for every claim", () => {
  fc.assert(fc.property(state, (of) => Number.isSafeInteger(order(of))));
});

test.each<Status>(["reference", "UNKNOWN"])("%s changes no state", (status) => {
  expect(stateOrder(status, "provider", 3)).toBeNull();
});

test("the phase changes once in an ordinary life, and the rare states have their own", () => {
  const life: Status[] = ["accepted", "queued", "claimed", "sent", "delivered", "read"];
  expect(new Set(life.map(phaseOf)).size).toBe(2);
  const rare = statuses.filter((status) => !life.includes(status));
  expect(new Set([...rare, ...life].map(phaseOf)).size).toBe(2 + rare.length);
});
