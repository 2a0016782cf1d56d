/** Bytes of a file into rows: what is there is read, and what is broken costs itself only. */
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createLineReader } from "./csv-lines.ts";
import { createRowReader, type Row } from "./csv-rows.ts";

const utf8 = new TextEncoder();

/** The file in parts of this size. */
function rowsOf(file: string | Uint8Array, { delimiter = ",", part = 7, maxLength = 100 } = {}): Row[] {
  const bytes = typeof file === "string" ? utf8.encode(file) : file;
  const lines = createLineReader(maxLength);
  const rows = createRowReader(delimiter, maxLength);
  const found: Row[] = [];
  for (let at = 0; at < bytes.length; at += part)
    found.push(...rows.push(lines.push(bytes.subarray(at, at + part))));
  found.push(...rows.push(lines.end()), ...rows.end());
  return found;
}

const fieldsOf = (rows: readonly Row[]) => rows.flatMap((row) => (row.kind === "row" ? [row.fields] : []));
const badOf = (rows: readonly Row[]) =>
  rows.flatMap((row) => (row.kind === "bad" ? [`${row.line} ${row.code}`] : []));

test("any table that can be written is read back, in parts of any size, as csv-parse reads it", () => {
  const cell = fc.string({
    unit: fc.constantFrom("a", "ß", "😀", ",", ";", '"', "\n", " ", "1"),
    maxLength: 6,
  });
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 });
  const written = (rows: string[][], lineBreak: string) =>
    rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(",")).join(lineBreak);
  fc.assert(
    fc.property(
      table,
      fc.constantFrom("\n", "\r\n"),
      fc.integer({ min: 1, max: 50 }),
      (rows, lineBreak, part) => {
        const file = written(rows, lineBreak);
        const read = fieldsOf(rowsOf(file, { part, maxLength: 10_000 }));
        expect(read).toEqual(rows);
        expect(read).toEqual(parse(file, { relax_column_count: true }));
      },
    ),
  );
});

test("a byte-order mark and empty lines are left out, and lines are counted as an editor counts them", () => {
  const rows = rowsOf('\uFEFFto,name\r\n\r\n+1,"two\nlines"\n\n+2,b');
  expect(rows).toEqual([
    { kind: "row", line: 1, fields: ["to", "name"] },
    { kind: "row", line: 3, fields: ["+1", "two\nlines"] },
    { kind: "row", line: 6, fields: ["+2", "b"] },
  ]);
});

test.each([
  [
    "an open quote at the end",
    'a,b\nc,"d\ne,f\n',
    ["2 bad_quotes"],
    [
      ["a", "b"],
      ["e", "f"],
    ],
  ],
  [
    "an open quote that the next quote would close",
    'a,b\nc,"d\ne,f\n"g",h\ni,j',
    ["2 bad_quotes"],
    [
      ["a", "b"],
      ["e", "f"],
      ["g", "h"],
      ["i", "j"],
    ],
  ],
  [
    "an open quote with more after it than a row may have",
    `a,"b\n${"c,d\n".repeat(60)}`,
    ["1 bad_quotes"],
    Array(60).fill(["c", "d"]),
  ],
  [
    "text beside a quote",
    'a,b\nc,"d"x\ne,f',
    ["2 bad_quotes"],
    [
      ["a", "b"],
      ["e", "f"],
    ],
  ],
  [
    "a line that is too long",
    `a,b\n${"x".repeat(5_000)}\nc,d`,
    ["2 line_too_long"],
    [
      ["a", "b"],
      ["c", "d"],
    ],
  ],
  ["a last line that is too long", `a,b\n${"x".repeat(5_000)}`, ["2 line_too_long"], [["a", "b"]]],
  [
    "an open quote before a line that is too long",
    `a,"b\n${"x".repeat(5_000)}\nc,d`,
    ["1 bad_quotes", "2 line_too_long"],
    [["c", "d"]],
  ],
])("%s costs its own line and no other", (_what, file, bad, read) => {
  for (const part of [1, 13, 100_000]) {
    const rows = rowsOf(file, { part });
    expect(badOf(rows)).toEqual(bad);
    expect(fieldsOf(rows)).toEqual(read);
  }
});

test("bytes of another encoding are recognisable in their own row", () => {
  const latin1 = Buffer.from("to,name\n+1,J\xfcrgen\n+2,Mara", "latin1");
  expect(fieldsOf(rowsOf(latin1))).toEqual([
    ["to", "name"],
    ["+1", "J\uFFFDrgen"],
    ["+2", "Mara"],
  ]);
});
