import { expect, test } from "vitest";
import { identify } from "./identity.ts";

test.each([
  ["m1.2", "m1", 2],
  ["a.b.3", "a.b", 3],
  ["m1", "m1", null],
  ["m1.x", "m1.x", null],
  [".1", ".1", null],
])("echo %s is message %s, claim %s", (echo, id, claim) => {
  expect(identify(echo, "301", "1555", "hello")).toEqual({ id, claim, ref: null });
});

test("without an echo, a message is what was sent to whom by whom", () => {
  const id = (sender: string, to: string, text: string) => identify(null, sender, to, text).id;
  expect(id("1", "2", "x")).toBe(id("1", "2", "x"));
  expect(new Set([id("1", "2", "x"), id("9", "2", "x"), id("1", "9", "x"), id("1", "2", "y")]).size).toBe(4);
});

test.each([
  ["Welcome! #0192f0c4-aaaa-7bbb-8ccc-000000000001 bye", "0192f0c4-aaaa-7bbb-8ccc-000000000001"],
  ["Your code is #1234", null],
  ["no marker", null],
])("the marker in '%s' is %s", (text, ref) => {
  expect(identify(null, "1", "2", text).ref).toBe(ref);
});
