import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJson } from "./json.ts";

test("an id too large for a double keeps its digits", () => {
  expect(
    parseJson('{"message_template_id":12345678901234567890,"n":[9007199254740993],"small":42,"big":1e300}'),
  ).toEqual({
    message_template_id: "12345678901234567890",
    n: ["9007199254740993"],
    small: 42,
    big: 1e300,
  });
});

test("all else is read as JSON is, and what is none is undefined", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      fc.pre(!/\d{16}/.test(text));
      expect(parseJson(text)).toEqual(JSON.parse(text));
    }),
  );
  for (const text of ["", "{", "nonsense", "{'a':1}"]) expect(parseJson(text)).toBeUndefined();
});
