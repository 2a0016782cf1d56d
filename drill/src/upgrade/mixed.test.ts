import { expect, test } from "vitest";
import { mixedOf, type Running, unseen } from "./mixed.ts";

const [o, n] = ["before", "after"] as const;

test("a moment in which two releases run side by side is seen, in the service and between services", () => {
  const moment: Running = { a: [n, o], b: [o, o], c: [n, n] };
  expect(mixedOf([moment])).toEqual({ split: ["a"], pairs: ["a > b", "c > a", "c > b"] });
});

test("there and back in the same order sees each service beside each other one both ways", () => {
  const services = ["a", "b", "c"];
  const at = (first: number, was: typeof o | typeof n, is: typeof o | typeof n): Running =>
    Object.fromEntries(
      services.map((name, i) => [name, i < first ? [is, is] : i === first ? [is, was] : [was, was]]),
    );
  const there = services.map((_, i) => at(i, o, n));
  const back = services.map((_, i) => at(i, n, o));
  expect(unseen([...there, ...back])).toEqual([]);
  expect(unseen(there)).toEqual(
    ["b > a", "c > a", "c > b"].filter((name) => !mixedOf(there).pairs.includes(name)),
  );
  expect(unseen(there)).toContain("c > a");
});

test("one process of a service is never split, and that is no gap", () => {
  expect(
    unseen([
      { a: [n], b: [o] },
      { a: [o], b: [n] },
    ]),
  ).toEqual([]);
});
