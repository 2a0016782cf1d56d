/** The first line of a CSV file: how its cells are parted, and what its columns are called. Pure. */

export type Header = {
  delimiter: string;
  /** All of them, in order, those with a meaning of their own included. */
  names: string[];
  /** Where these stand; -1: not there. */
  to: number;
  externalRef: number;
  locale: number;
  /** The others: values for the message. */
  variables: { name: string; at: number }[];
};

export type ReadHeader =
  | { kind: "header"; header: Header }
  | { kind: "bad"; column: string | null; problem: string };

export const maxColumns = 200;
const maxNameLength = 64;
const delimiters = [",", ";", "\t"];
/** What the column of recipients may be called; the first that is there counts. */
const recipientNames = ["to", "phone", "recipient"];

/** Files of other encodings say so in their first bytes. */
export function foreignEncoding(start: Uint8Array): string | null {
  const [a, b] = start;
  return (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)
    ? "The file is UTF-16. Save it as CSV in UTF-8."
    : null;
}

/** The delimiter that the line has most of, outside of quotes. */
export function delimiterOf(line: string): string {
  const bare = line.replace(/"[^"]*"/g, "");
  const counts = delimiters.map((one) => bare.split(one).length);
  return delimiters[counts.indexOf(Math.max(...counts))]!;
}

export function readHeader(delimiter: string, cells: readonly string[]): ReadHeader {
  const bad = (problem: string, column: string | null = null): ReadHeader => ({
    kind: "bad",
    column,
    problem,
  });
  if (cells.length > maxColumns)
    return bad(
      `The file has ${cells.length} columns, more than ${maxColumns}. Leave out those that no message uses.`,
    );
  const names = cells.map((cell) => cell.trim());
  // Spreadsheets leave empty columns at the end.
  while (names.at(-1) === "") names.pop();
  for (const [i, name] of names.entries()) {
    if (name === "") return bad(`Column ${i + 1} has no name in the first line.`);
    if (name.length > maxNameLength)
      return bad(`The name of column ${i + 1} is longer than ${maxNameLength} characters.`);
    if (name.includes("\uFFFD") || name.includes("\u0000"))
      return bad("The first line is not UTF-8. Save the file as CSV in UTF-8.");
    if (names.indexOf(name) < i) return bad("The first line names this column twice.", name);
  }
  const place = (name: string) => names.findIndex((one) => one.toLowerCase() === name);
  const to = recipientNames.map(place).find((at) => at !== -1) ?? -1;
  if (to === -1)
    return bad(
      `The first line names no column ${recipientNames.join(", ")}. It has to name the columns, and one of them holds the numbers.`,
    );
  const externalRef = place("external_ref");
  const locale = place("locale");
  const variables = names
    .map((name, at) => ({ name, at }))
    .filter(({ at }) => at !== to && at !== externalRef && at !== locale);
  return { kind: "header", header: { delimiter, names, to, externalRef, locale, variables } };
}
