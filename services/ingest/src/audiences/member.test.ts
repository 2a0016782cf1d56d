import { describe, expect, test } from "vitest";
import { delimiterOf, foreignEncoding, type Header, maxColumns, readHeader } from "./csv-header.ts";
import { memberOfRequest, memberOfRow } from "./member.ts";

function headerOf(names: string[]): Header {
  const read = readHeader(",", names);
  if (read.kind === "bad") throw new Error(read.problem);
  return read.header;
}

describe("the first line", () => {
  test.each([
    ["to,name", ","],
    ["to;name;a,b", ";"],
    ["to\tname", "\t"],
    ['to;"a,b,c,d"', ";"],
    ["to", ","],
  ])("%j is parted by %j", (line, delimiter) => expect(delimiterOf(line)).toBe(delimiter));

  test("says which column is what, in any case and order", () => {
    expect(headerOf(["First name", "Phone", "external_ref", "Locale", "", ""])).toMatchObject({
      names: ["First name", "Phone", "external_ref", "Locale"],
      to: 1,
      externalRef: 2,
      locale: 3,
      variables: [{ name: "First name", at: 0 }],
    });
  });

  test.each([
    ["no column of recipients", ["name", "city"], /names no column to, phone, recipient/],
    ["a number where a name should be", ["+15551234567", "Mara"], /names no column/],
    ["a name twice", ["to", "name", "name"], /twice/],
    ["a column without a name", ["to", "", "name"], /Column 2 has no name/],
    ["too many columns", ["to", ...Array.from({ length: maxColumns }, (_, i) => `c${i}`)], /201 columns/],
    ["another encoding", ["to", "Stra\uFFFDe"], /not UTF-8/],
    ["a name too long", ["to", "x".repeat(65)], /longer than 64/],
  ])("with %s is refused, and why", (_what, cells, problem) => {
    expect(readHeader(",", cells)).toMatchObject({ kind: "bad", problem: expect.stringMatching(problem) });
  });

  test("of a UTF-16 file says so, either way round", () => {
    expect(foreignEncoding(Uint8Array.of(0xff, 0xfe))).toMatch(/UTF-16/);
    expect(foreignEncoding(Uint8Array.of(0xfe, 0xff))).toMatch(/UTF-16/);
    expect(foreignEncoding(Uint8Array.of(0xef, 0xbb, 0xbf))).toBeNull();
  });
});

describe("a row", () => {
  const header = headerOf(["to", "name", "external_ref", "locale"]);

  test("becomes a member with what its message needs", () => {
    expect(memberOfRow(header, 7, ["+1 (555) 123-4567 ", "Mara", "r-1", "de-DE"])).toEqual({
      kind: "member",
      member: {
        line: 7,
        kind: "phone",
        recipient: "+15551234567",
        person: "phone +15551234567",
        locale: "de_DE",
        external_ref: "r-1",
        variables: { name: "Mara" },
      },
    });
  });

  test("without a value has no such variable, and empty cells beyond the last column do not matter", () => {
    expect(memberOfRow(header, 2, ["+15551234567", "", "", "", "", ""])).toMatchObject({
      member: { variables: {}, external_ref: null, locale: null },
    });
  });

  test("is the same person however the number is written, also with the mobile digit that WhatsApp adds or drops", () => {
    const personOf = (to: string) => {
      const read = memberOfRow(header, 2, [to, "", "", ""]);
      return read.kind === "member" ? read.member.person : null;
    };
    expect(personOf("+55 11 98765-4321")).toBe(personOf("+551187654321"));
    expect(personOf("US.8a1B2c3D")).toBe("bsuid US.8a1B2c3D");
  });

  test.each([
    ["too few cells", ["+15551234567"], null, "wrong_columns"],
    ["too many cells", ["+15551234567", "a", "", "", "x"], null, "wrong_columns"],
    ["no recipient", ["", "Mara", "", ""], "to", "recipient_missing"],
    ["a number without a country code", ["5551234567", "Mara", "", ""], "to", "recipient_impossible"],
    ["bytes that are not UTF-8", ["+15551234567", "J\uFFFDrgen", "", ""], "name", "encoding"],
    ["U+0000", ["+15551234567", "a\u0000", "", ""], "name", "encoding"],
    ["a value that fits nowhere", ["+15551234567", "x".repeat(4097), "", ""], "name", "value_too_long"],
    ["a language that is none", ["+15551234567", "", "", "german"], "locale", "locale_unknown"],
  ])("with %s is an error that names its column and not the value", (_what, cells, column, code) => {
    const read = memberOfRow(header, 31_007, cells);
    expect(read).toMatchObject({ kind: "error", error: { line: 31_007, column, code } });
    expect(JSON.stringify(read)).not.toMatch(/555|Mara/);
  });
});

test("a recipient of a request is read in the same way", () => {
  expect(memberOfRequest(1, { to: "+15551234567", variables: { name: "Mara" } })).toMatchObject({
    member: { line: 1, person: "phone +15551234567", variables: { name: "Mara" } },
  });
  expect(memberOfRequest(2, { to: "nobody" })).toMatchObject({ error: { line: 2, column: "to" } });
});
