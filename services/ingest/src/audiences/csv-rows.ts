/**
 * Lines of a CSV file into rows (RFC 4180). A broken row costs itself only: a quote that is never closed is given up where the
 * row would become too long, and reading goes on with the line after the one it stands in. (csv-parse drops the rest of the
 * part there, and takes an open quote to the end of the file; the tests compare the two on files without mistakes.)
 */
import { type Line, maxLineLength } from "./csv-lines.ts";

export type Row =
  | { kind: "row"; line: number; fields: string[] }
  | { kind: "bad"; line: number; code: "line_too_long" | "bad_quotes"; problem: string };

export type RowReader = {
  push(lines: readonly Line[]): Row[];
  end(): Row[];
};

type TextLine = Extract<Line, { kind: "line" }>;

/** A cell with so many line breaks is an open quote. */
const maxLinesOfRow = 100;

export function createRowReader(delimiter: string, maxLength = maxLineLength): RowReader {
  /** Lines of a row whose quote is still open. */
  let open: TextLine[] = [];
  let openLength = 0;

  function push(lines: readonly Line[]): Row[] {
    const rows: Row[] = [];
    let todo = lines;
    for (let at = 0; at < todo.length; at++) {
      const line = todo[at]!;
      if (line.kind === "too_long") {
        rows.push(...giveUp());
        rows.push({ kind: "bad", line: line.no, code: "line_too_long", problem: tooLong(maxLength) });
        continue;
      }
      if (open.length === 0 && line.text === "") continue;
      open.push(line);
      openLength += line.text.length + 1;
      const parsed = openedBefore(line) ? stillOpen : parseRow(textOfRow(), delimiter);
      if (parsed.kind === "open" && openLength <= maxLength && open.length < maxLinesOfRow) continue;
      const [first, ...swallowed] = take();
      if (parsed.kind === "fields") {
        rows.push({ kind: "row", line: first!.no, fields: parsed.fields });
        continue;
      }
      rows.push(parsed.kind === "open" ? neverClosed(first!.no) : textBeside(first!.no));
      todo = [...swallowed, ...todo.slice(at + 1)];
      at = -1;
    }
    return rows;
  }

  /** The open row is none; the lines after its first are rows of their own. */
  function giveUp(): Row[] {
    const rows: Row[] = [];
    while (open.length > 0) {
      const [first, ...swallowed] = take();
      rows.push(neverClosed(first!.no), ...push(swallowed));
    }
    return rows;
  }

  /** A line without a quote closes none: no need to look at the whole row again. */
  const openedBefore = (line: TextLine) => open.length > 1 && !line.text.includes('"');
  const textOfRow = () => open.map(({ text }) => text).join("\n");

  function take(): TextLine[] {
    const lines = open;
    open = [];
    openLength = 0;
    return lines;
  }

  return { push, end: giveUp };
}

const stillOpen = { kind: "open" } as const;

type Parsed = { kind: "fields"; fields: string[] } | { kind: "open" } | { kind: "bad" };

function parseRow(text: string, delimiter: string): Parsed {
  if (!text.includes('"')) return { kind: "fields", fields: text.split(delimiter) };
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] !== '"') {
      const end = text.indexOf(delimiter, at);
      const field = text.slice(at, end === -1 ? undefined : end);
      if (field.includes('"')) return { kind: "bad" };
      fields.push(field);
      if (end === -1) return { kind: "fields", fields };
      at = end + delimiter.length;
      continue;
    }
    let field = "";
    for (at++; ; ) {
      const quote = text.indexOf('"', at);
      if (quote === -1) return { kind: "open" };
      field += text.slice(at, quote);
      at = quote + 1;
      if (text[at] !== '"') break;
      field += '"';
      at++;
    }
    fields.push(field);
    if (at === text.length) return { kind: "fields", fields };
    if (!text.startsWith(delimiter, at)) return { kind: "bad" };
    at += delimiter.length;
  }
}

function neverClosed(line: number): Row {
  return { kind: "bad", line, code: "bad_quotes", problem: "opens a quote that is never closed." };
}

function textBeside(line: number): Row {
  return { kind: "bad", line, code: "bad_quotes", problem: "has text beside its quotes." };
}

function tooLong(most: number): string {
  return `is longer than ${most} characters.`;
}
