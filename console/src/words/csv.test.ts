import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { csvOf } from "./csv.ts";

test.each(["=1+1", "+15550100", "-2", "@SUM(A1)", "\t=1", "\r=1", "|calc", '=HYPERLINK("http://x")'])(
  "%j can't run as a formula",
  (text) => {
    const [row] = parse(csvOf(["a"], [[text]]), { from_line: 2 }) as string[][];
    expect(row![0]).toBe(`'${text}`);
  },
);

test("whatever is in a table can be read back, and no text begins like a formula", () => {
  const text = fc.string();
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { minLength: 1 }), (rows) => {
      const read = parse(csvOf(["a", "b"], rows), {
        columns: false,
        relax_column_count: false,
      }) as string[][];
      expect(read.length).toBe(rows.length + 1);
      for (const [i, row] of rows.entries())
        for (const [j, value] of row.entries()) {
          const found = read[i + 1]![j]!;
          expect(found.replace(/^'/, "")).toBe(value.replace(/^'/, ""));
          expect(found).not.toMatch(/^[=+\-@\t\r]/);
        }
    }),
  );
});

test("numbers stay numbers, nothing stays empty", () => {
  expect(csvOf(["sent", "name"], [[-3, null]])).toBe("sent,name\r\n-3,\r\n");
});
