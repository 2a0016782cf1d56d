import type { ComponentChildren } from "preact";

export type Column<Row> = {
  head: string;
  cell: (row: Row) => ComponentChildren;
  align?: "end";
  /** On a small screen this cell heads the row's card. */
  lead?: boolean;
};

/** Sticky head; on small screens each row becomes a card whose cells name themselves. */
export function Table<Row>({
  label,
  columns,
  rows,
  keyOf,
}: {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
}) {
  return (
    <table class="table" aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ head, align }) => (
            <th key={head} scope="col" data-align={align}>
              {head === "" ? <span class="visually-hidden">Actions</span> : head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ head, cell, align, lead }) => (
              <td key={head} data-label={head} data-align={align} data-lead={lead}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
