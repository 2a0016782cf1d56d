/** A list of the API, page after page. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get, type Query } from "../api/call.ts";
import type { Problem } from "../api/problem.ts";
import { type Freshness, useGet } from "../api/query.ts";
import type { Page } from "../shapes/status.ts";
import { Button } from "./button.tsx";
import { ProblemNotice, Show } from "./states.tsx";
import { type Column, Table } from "./table.tsx";

type ListProps<Row> = {
  label: string;
  path: string;
  query?: Query;
  freshness?: Freshness;
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  empty: ComponentChildren;
  /** The rows that are shown; for counts, exports and choices above the table. */
  onRows?: (rows: readonly Row[]) => void;
  /** Grows when the page changed something: the list is asked again. */
  version?: number;
};

export function List<Row>({
  label,
  path,
  query = {},
  freshness,
  columns,
  keyOf,
  empty,
  onRows,
  version = 0,
}: ListProps<Row>) {
  const first = useGet<Page<Row>>(path, query, freshness);
  const key = JSON.stringify([path, query]);
  const [more, setMore] = useState<{ key: string; rows: readonly Row[]; next: string | null }>();
  const [problem, setProblem] = useState<Problem | null>(null);
  const later = more?.key === key ? more : undefined;
  const head = first.data?.items ?? [];
  // The first page is kept fresh, so what moved on into it is not shown a second time.
  const known = new Set(head.map(keyOf));
  const rows = [...head, ...(later?.rows.filter((row) => !known.has(keyOf(row))) ?? [])];
  const next = later === undefined ? (first.data?.next_cursor ?? null) : later.next;

  // Only what changes the rows.
  useEffect(() => onRows?.(rows), [first.data, later]);
  // The version orders it.
  useEffect(() => {
    if (version > 0) first.refresh();
  }, [version]);

  async function loadMore() {
    const answer = await get<Page<Row>>(path, { ...query, cursor: next });
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok)
      setMore({
        key,
        rows: [...(later?.rows ?? []), ...answer.body.items],
        next: answer.body.next_cursor ?? null,
      });
  }

  return (
    <div class="card">
      <Show from={first}>
        {() =>
          rows.length === 0 ? (
            empty
          ) : (
            <>
              <Table label={label} columns={columns} rows={rows} keyOf={keyOf} />
              {problem !== null && <ProblemNotice problem={problem} />}
              {next !== null && (
                <div class="table-foot">
                  <Button onPress={loadMore}>Show more</Button>
                </div>
              )}
            </>
          )
        }
      </Show>
    </div>
  );
}
