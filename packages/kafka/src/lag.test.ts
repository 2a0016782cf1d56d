import { expect, test } from "vitest";
import { createLag } from "./lag.ts";

test("a batch in hand counts with what lies behind it, and ages from its first record until it is done", () => {
  const lag = createLag();
  lag.took("a", 0, { records: 30, sinceMs: 1_000 });
  expect(lag.of("a", 9_000)).toEqual({ records: 30, ageMs: 8_000 });
  lag.did("a", 0, { records: 20, sinceMs: 4_000 });
  expect(lag.of("a", 9_000)).toEqual({ records: 20, ageMs: 5_000 });
  lag.did("a", 0, { records: 0, sinceMs: 8_000 });
  expect(lag.of("a", 99_000)).toEqual({ records: 0, ageMs: 0 });
});

test("a topic is as old as its oldest partition, and other topics don't count", () => {
  const lag = createLag();
  lag.took("a", 0, { records: 1, sinceMs: 5_000 });
  lag.took("a", 1, { records: 2, sinceMs: 2_000 });
  lag.took("b", 0, { records: 7, sinceMs: 0 });
  expect(lag.of("a", 6_000)).toEqual({ records: 3, ageMs: 4_000 });
  expect(lag.all()).toBe(10);
  expect(lag.of("c", 6_000)).toEqual({ records: 0, ageMs: 0 });
});

test("what was handed to another process is no longer counted here", () => {
  const lag = createLag();
  lag.took("a", 0, { records: 1, sinceMs: 0 });
  lag.took("a", 1, { records: 2, sinceMs: 0 });
  lag.took("b", 1, { records: 4, sinceMs: 0 });
  lag.keep({ a: [1] });
  expect(lag.all()).toBe(2);
});
