import { expect, test } from "vitest";
import type { Sql } from "./connect.ts";
import { type Logs, misplacedCursor } from "./misplaced-cursor.ts";

/** A log and a cursor that another process moves on, by a record at each look. */
function world({ end, cursor }: { end: number; cursor: number }) {
  let [high, next] = [end, cursor];
  const goOn = () => {
    high++;
    next++;
  };
  const sql = (async () => {
    const rows = [{ topic: "t", partition: 0, next_offset: next }];
    goOn();
    return rows;
  }) as unknown as Sql;
  const offsets = async () => {
    const ranges = [{ partition: 0, low: "0", high: String(high) }];
    goOn();
    return ranges;
  };
  const kafka = {
    clusterId: async () => "c",
    admin: async () => ({ offsets, close: async () => {} }),
  } satisfies Logs;
  return { kafka, sql, consumer: "g", topics: ["t"] };
}

test("a process that starts while another reads on takes nothing for a cut log", async () => {
  expect(await misplacedCursor(world({ end: 10, cursor: 10 }))).toBeNull();
});

test("a cursor beyond the end of the log is told", async () => {
  expect(await misplacedCursor(world({ end: 5, cursor: 10 }))).toContain("recreated or truncated");
});
