/** A slice of `npm run sim`, and the proof that its judge sees. */
import { describe, expect, test } from "vitest";
import { check } from "./check.ts";
import { planOf } from "./plan.ts";
import { bugs } from "./sabotage.ts";
import { runSeed } from "./seeds.ts";
import { run } from "./world.ts";

test("300 seeds of crashes, pauses, stolen leases and clock steps break no promise", {
  timeout: 60_000,
}, () => {
  const broken: string[] = [];
  for (let seed = 1; seed <= 300; seed++)
    for (const { promise, detail } of runSeed(seed).violations) broken.push(`${seed} ${promise}: ${detail}`);
  expect(broken).toEqual([]);
});

test("a seed gives the same run every time", () => {
  for (const seed of [2, 10, 17]) expect(run(planOf(seed))).toEqual(run(planOf(seed)));
});

/** The rarest, an ignored epoch, shows about once in a hundred seeds. */
const enough = 1_000;

describe("the judge notices when", () => {
  test.each(bugs)("$name", { timeout: 60_000 }, ({ breaks, ...sabotage }) => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= enough; seed++) {
      const plan = planOf(seed);
      for (const { promise } of check(plan, run(plan, { sabotage }))) seen.add(promise);
      if (breaks.some((promise) => seen.has(promise))) return;
    }
    expect.fail(`seen: ${[...seen].join(", ") || "nothing"}; expected one of: ${breaks.join(", ")}`);
  });
});
