/** Tables as CSV (RFC 4180). Pure. */

export type Cell = string | number | null;

/**
 * A spreadsheet runs a cell that begins with one of these as a formula, whoever wrote it: a template's name, a recipient's
 * reference. An apostrophe in front makes it text. Numbers of our own stay numbers.
 */
const formula = /^[=+\-@\t\r\n|%]/;

export function csvOf(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function cell(value: Cell): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = formula.test(value) ? `'${value}` : value;
  return /[",\r\n;\t]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
