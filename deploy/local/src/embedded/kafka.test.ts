import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeProperty } from "./kafka.ts";

test.each([
  ["/home/a b/.wamesh", "/home/a b/.wamesh"],
  ["/home/zoë", "/home/zo\\u00eb"],
  ["C:\\data", "C:\\\\data"],
])("%s is written as %s", (path, written) => {
  expect(escapeProperty(path)).toBe(written);
});

test("whatever a path holds, Java reads back the same", () => {
  const readByJava = (value: string) =>
    value.replace(/\\(?:u([0-9a-f]{4})|(.))/g, (_, hex, char) =>
      hex ? String.fromCharCode(parseInt(hex, 16)) : char,
    );
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (path) => {
      expect(escapeProperty(path)).toMatch(/^[\x20-\x7e]*$/);
      expect(readByJava(escapeProperty(path))).toBe(path);
    }),
  );
});
