/** Rows as a person reads them. Pure. */
export type Cell = string | number | null | undefined;

export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = [head, ...rows].map((row) =>
    row.map((cell) => (cell === null || cell === undefined ? "–" : String(cell))),
  );
  const widths = head.map((_, i) => Math.max(...texts.map((row) => (row[i] ?? "").length)));
  return texts
    .map((row) =>
      row
        .map((cell, i) =>
          typeof rows[0]?.[i] === "number" ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** `14:03:07.120`, and the day where it is not today's. */
export function clock(iso: string | null, today: string): string {
  if (iso === null) return "–";
  return iso.startsWith(today) ? iso.slice(11, 23) : iso.slice(0, 19).replace("T", " ");
}
