import { expect, test } from "vitest";
import type { Gate } from "../store.ts";
import { admissionBegins, admissionEnds, itemEnded, newGateWatch, takeWanted } from "./gate.ts";

const gate: Gate = { shard: 0, lane: "standard", conversation: "c" };
const other: Gate = { ...gate, conversation: "d" };

test("the end of an item asks for the next of its conversation, once", () => {
  const watch = newGateWatch();
  itemEnded(watch, gate);
  itemEnded(watch, gate);
  expect(takeWanted(watch, 10)).toEqual([gate]);
  expect(takeWanted(watch, 10)).toEqual([]);
});

test("an otp has no gate, and lanes are apart", () => {
  const watch = newGateWatch();
  itemEnded(watch, { ...gate, lane: "otp" });
  expect(takeWanted(watch, 10)).toEqual([]);
  itemEnded(watch, gate);
  itemEnded(watch, { ...gate, lane: "bulk" });
  expect(takeWanted(watch, 10)).toHaveLength(2);
});

test("a successor hidden by an admission under way is asked for when that ends", () => {
  const watch = newGateWatch();
  admissionBegins(watch, 1);
  itemEnded(watch, gate);
  // The look-up comes too early for the admission's rows.
  expect(takeWanted(watch, 10)).toEqual([gate]);
  admissionEnds(watch, 1, [gate, other]);
  expect(takeWanted(watch, 10)).toEqual([gate]);
});

test("an admission that saw its predecessor still there needs no look-up of its own", () => {
  const watch = newGateWatch();
  itemEnded(watch, other);
  takeWanted(watch, 10);
  admissionBegins(watch, 1);
  admissionEnds(watch, 1, [gate, other]);
  expect(takeWanted(watch, 10)).toEqual([]);
});

test("what does not fit into one statement stays wanted", () => {
  const watch = newGateWatch();
  itemEnded(watch, gate);
  itemEnded(watch, other);
  expect(takeWanted(watch, 1)).toHaveLength(1);
  expect(takeWanted(watch, 1)).toHaveLength(1);
});
