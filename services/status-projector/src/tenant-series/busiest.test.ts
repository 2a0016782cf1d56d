import { expect, test } from "vitest";
import { busiest } from "./busiest.ts";

const tenants = (lastHour: Record<string, number>) =>
  new Map(Object.entries(lastHour).map(([tenant, messages]) => [tenant, { lastHour: messages, ever: 0 }]));

test("the busiest of the last hour have series of their own, and never more than allowed", () => {
  const all = tenants({ a: 5, b: 50, c: 500 });
  expect(busiest(all, new Set(), 2)).toEqual(new Set(["c", "b"]));
  expect(busiest(all, new Set(), 0)).toEqual(new Set());
  expect(busiest(all, new Set(), 9)).toEqual(new Set(["a", "b", "c"]));
});

test("who has a series keeps it until another is half as busy again", () => {
  const had = new Set(["a"]);
  expect(busiest(tenants({ a: 100, b: 149 }), had, 1)).toEqual(new Set(["a"]));
  expect(busiest(tenants({ a: 100, b: 151 }), had, 1)).toEqual(new Set(["b"]));
});

test("where nobody is busy, those who once were; equals go by name, so that every process chooses the same", () => {
  const idle = new Map([
    ["b", { lastHour: 0, ever: 7 }],
    ["c", { lastHour: 0, ever: 7 }],
    ["a", { lastHour: 0, ever: 1 }],
  ]);
  expect(busiest(idle, new Set(), 1)).toEqual(new Set(["b"]));
});
