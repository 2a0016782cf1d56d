import fc from "fast-check";
import { expect, test } from "vitest";
import { readKey } from "./idempotency-key.ts";

test.each<[string, string, string | null]>([
  ["a quoted string", '"8e03978e"', "8e03978e"],
  ["spaces around it", '  "a b" ', "a b"],
  ["escapes", '"a\\"b\\\\c"', 'a"b\\c'],
  ["bare, as many send it", "8e03978e-40d5", "8e03978e-40d5"],
  ["bare, with marks", "order:17/b=c", "order:17/b=c"],
  ["nothing", "", null],
  ["an empty string", '""', null],
  ["a string that does not end", '"abc', null],
  ["a string that does not begin", 'abc"', null],
  ["something behind it", '"abc";a=1', null],
  ["sent twice", '"abc", "def"', null],
  ["sent twice, bare", "abc, def", null],
  ["a space in a bare one", "a b", null],
  ["beyond ASCII", '"schl\u00fcssel"', null],
  ["a wrong escape", '"a\\nb"', null],
  ["as long as may be", "k".repeat(255), "k".repeat(255)],
  ["too long", `"${"k".repeat(256)}"`, null],
])("%s", (_, header, key) => {
  expect(readKey(header)).toBe(key);
});

test("whatever is quoted by the rules comes out as it was", () => {
  const text = fc.string({ unit: fc.constantFrom(...'aZ0 "\\,;!~'), minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(text, (key) => {
      expect(readKey(`"${key.replace(/["\\]/g, "\\$&")}"`)).toBe(key);
    }),
  );
});
