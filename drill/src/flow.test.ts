import { seededRandom } from "@wamesh/testing/outside";
import { expect, test } from "vitest";
import { planTurn } from "./flow.ts";

/** A hundred turns, 25 s. */
function plan(seed: number) {
  const random = seededRandom(seed);
  const owed: number[] = [];
  return Array.from({ length: 100 }, (_, turn) =>
    planTurn(random, turn, { ratePerS: 10, shares: [0.5, 0.3, 0.2], owed }),
  ).flat();
}

test("each tenant asks for its share, also where that is less than a message a turn", () => {
  const counts = [0, 1, 2].map((tenant) =>
    plan(1)
      .filter((one) => one.tenant === tenant)
      .reduce((sum, { messages }) => sum + messages.length, 0),
  );
  for (const [i, expected] of [125, 75, 50].entries())
    expect(Math.abs((counts[i] ?? 0) - expected)).toBeLessThanOrEqual(1);
});

test("the seed alone decides", () => {
  expect(plan(7)).toEqual(plan(7));
  expect(plan(7)).not.toEqual(plan(8));
});

test("no two messages carry the same reference", () => {
  const refs = plan(1).flatMap(({ messages }) => messages.map(({ ref }) => ref));
  expect(new Set(refs).size).toBe(refs.length);
});
