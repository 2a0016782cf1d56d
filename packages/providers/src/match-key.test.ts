import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressedAs, canonicalDigits } from "./match-key.ts";

describe("the addressee is the same in every spelling", () => {
  test.each([
    ["+15550001111", "15550001111"],
    ["15550001111", "15550001111"],
    ["+1 (555) 000-1111", "15550001111"],
    ["15550001111@s.whatsapp.net", "15550001111"],
    ["15550001111:7@s.whatsapp.net", "15550001111"],
    ["15550001111@c.us", "15550001111"],
    ["120363000000000001@g.us", "120363000000000001"],
    ["120363000000000001", "120363000000000001"],
    ["15550001111-1500000000@g.us", "15550001111-1500000000"],
    ["15550001111-1500000000", "15550001111-1500000000"],
    ["120363000000000009@newsletter", "120363000000000009"],
    ["98765432101234@lid", null],
    ["US.8a1B2c3D", null],
    ["", null],
  ])("%s", (address, digits) => {
    expect(canonicalDigits(address)).toBe(digits);
  });
  test("as a recipient too", () => {
    expect(canonicalDigits({ kind: "phone", value: "+15550001111" })).toBe("15550001111");
    expect(canonicalDigits({ kind: "group", value: "120363000000000001@g.us" })).toBe("120363000000000001");
    expect(canonicalDigits({ kind: "bsuid", value: "US.123456" })).toBeNull();
  });
});

test.each([
  ["Brazil", "+5511987654321", "551187654321@s.whatsapp.net"],
  ["Mexico", "+5215512345678", "525512345678@s.whatsapp.net"],
  ["Argentina", "+5491123456789", "541123456789@s.whatsapp.net"],
])("%s: with and without the mobile digit is one person", (_country, dialled, waId) => {
  expect(canonicalDigits(dialled)).toBe(canonicalDigits(waId));
});

test("another person is another person", () => {
  const national = fc.stringMatching(/^[1-9]\d{7}$/);
  fc.assert(
    fc.property(
      fc.constantFrom("1555", "5511", "5255", "5411", "4670"),
      national,
      national,
      (prefix, a, b) => {
        const same = canonicalDigits(`+${prefix}${a}`) === canonicalDigits(`${prefix}${b}@s.whatsapp.net`);
        expect(same).toBe(a === b);
      },
    ),
  );
});

test.each([
  ["+5511987654321", "phone"],
  ["+551187654321", "phone"],
  ["+5215512345678", "phone"],
  ["+525512345678", "phone"],
  ["+5491112345678", "phone"],
  ["+15550001111", "phone"],
  ["+4915112345678", "phone"],
  ["120363041234567890@g.us", "group"],
  ["4915112345678-1600000000@g.us", "group"],
  ["120363000000000009@newsletter", "channel"],
] as const)("%s is among the ways in which its canonical form may have been addressed", (value, kind) => {
  const digits = canonicalDigits({ kind, value })!;
  expect(addressedAs(digits)).toContainEqual({ kind, value });
});
