import fc from "fast-check";
import { expect, test } from "vitest";
import { createFair } from "./fair.ts";

function picks(fair: ReturnType<typeof createFair<string>>, count: number, admit = (_: string) => true) {
  return Array.from({ length: count }, () => fair.next(admit)!);
}

const countBy = (of: string[], key: (one: string) => string) =>
  Object.fromEntries([...Map.groupBy(of, key)].map(([name, mine]) => [name, mine.length]));

test("shares follow weights, however many members a tenant has", () => {
  const fair = createFair<string>();
  for (let i = 0; i < 50; i++) fair.enrol("big", 1, `big/${i}`);
  fair.enrol("small", 1, "small/0");
  fair.enrol("heavy", 3, "heavy/0");
  fair.enrol("light", 0.5, "light/0");
  const shares = countBy(picks(fair, 1_100), (one) => one.split("/")[0]!);
  expect(shares).toEqual({ big: 200, small: 200, heavy: 600, light: 100 });
});

test("a tenant's members take turns", () => {
  const fair = createFair<string>();
  for (const member of ["a", "b", "c"]) fair.enrol("t", 1, member);
  expect(picks(fair, 6)).toEqual(["a", "b", "c", "a", "b", "c"]);
});

test("who is withdrawn or not admitted is not picked", () => {
  const fair = createFair<string>();
  fair.enrol("t1", 1, "a");
  fair.enrol("t2", 1, "b");
  expect(new Set(picks(fair, 4, (tenant) => tenant === "t2"))).toEqual(new Set(["b"]));
  fair.withdraw("t2", "b");
  expect(fair.next((tenant) => tenant === "t2")).toBeNull();
  expect(fair.next(() => true)).toBe("a");
  fair.withdraw("t1", "a");
  expect(fair.next(() => true)).toBeNull();
  expect(fair.size()).toBe(0);
});

test("whatever the weights, somebody admitted is picked, and each gets its share within one turn", () => {
  const weight = fc.oneof(
    fc.double({ min: 0.1, max: 20, noNaN: true }),
    fc.constantFrom(0, -1, Number.NaN, 1e9),
  );
  fc.assert(
    fc.property(fc.array(weight, { minLength: 1, maxLength: 8 }), (weights) => {
      const fair = createFair<string>();
      weights.forEach((w, i) => {
        fair.enrol(`t${i}`, w, `t${i}`);
      });
      const bounded = weights.map((w) => (Number.isFinite(w) ? Math.min(100, Math.max(0.1, w)) : 1));
      const total = bounded.reduce((a, b) => a + b, 0);
      const rounds = 50;
      const shares = countBy(picks(fair, Math.round(rounds * total)), (one) => one);
      bounded.forEach((w, i) => {
        expect(Math.abs((shares[`t${i}`] ?? 0) - rounds * w)).toBeLessThanOrEqual(2 * w + 2);
      });
    }),
  );
});
