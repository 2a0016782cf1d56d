import fc from "fast-check";
import { expect, test } from "vitest";
import { column } from "./columns.ts";

test("what JSON would escape is left to the client", () => {
  expect(column(["a", "b c"])).toBe('{"a","b c"}');
  expect(column([1, null, -3])).toBe("{1,null,-3}");
  expect(column([])).toBe("{}");
  for (const awkward of ['"', "\\", "\n", "\u0001", "\ud800"])
    expect(column(["a", awkward])).toEqual(["a", awkward]);
});

test("a literal holds no backslash, so its quotes only ever enclose", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (values) => {
      const made = column(values);
      if (Array.isArray(made)) expect(made).toEqual(values);
      else expect(made).not.toContain("\\");
    }),
  );
});
