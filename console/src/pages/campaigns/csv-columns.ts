/** The columns of a CSV file, read in the browser so that variables can be chosen before the upload. Pure. */

/** What ingest takes as the recipient, and the columns that are no variables. */
const recipientNames = ["to", "phone", "recipient"];
const ownNames = [...recipientNames, "external_ref", "locale"];

export type Columns = { recipient: string | null; variables: readonly string[] };

/** `start`: the beginning of the file, the whole first line at least. The server reads it again, and judges. */
export function columnsOf(start: string): Columns {
  const [line = ""] = start.replace(/^\uFEFF/, "").split(/\r?\n/, 1);
  const bare = line.replace(/"[^"]*"/g, "");
  const delimiter = [",", ";", "\t"].sort((a, b) => bare.split(b).length - bare.split(a).length)[0]!;
  const names = cellsOf(line, delimiter).filter((name) => name !== "");
  return {
    recipient: recipientNames.find((name) => names.includes(name)) ?? null,
    variables: names.filter((name) => !ownNames.includes(name)),
  };
}

function cellsOf(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  for (const char of line) {
    if (char === '"') quoted = !quoted;
    else if (char === delimiter && !quoted) {
      cells.push(cell.trim());
      cell = "";
    } else cell += char;
  }
  return [...cells, cell.trim()];
}
