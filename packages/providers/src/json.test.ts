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

test("digits in strings, fractions and exponents are left alone, also beside an id that is not", () => {
  const digits = fc.stringMatching(/^[1-9]\d{15,24}$/);
  const text = fc.tuple(fc.string(), digits, fc.string()).map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.array(text), digits, digits, (texts, id, fraction) => {
      const json = `{"id":${id},"fraction":-0.${fraction},"big":${id}.5e3,"list":${JSON.stringify(texts)}}`;
      expect(parseJson(json)).toEqual({
        ...JSON.parse(json),
        id: Number.isSafeInteger(Number(id)) ? Number(id) : id,
      });
    }),
  );
});

test("an id keeps its digits beside megabytes of escapes and a nesting without end", () => {
  const escapes = "\\u00e4\\/".repeat(300_000);
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  expect(parseJson(`{"a":"${escapes}","deep":${deep},"id":12345678901234567890}`)).toMatchObject({
    id: "12345678901234567890",
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
