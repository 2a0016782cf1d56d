import { expect, test } from "vitest";
import type { Sql } from "./connect.ts";
import { type Logs, misplacedCursor } from "./misplaced-cursor.ts";

/** A log, a group and a cursor that another process moves on, by a record at each look. */
function world({
  end,
  cursor,
  committed = cursor,
}: {
  end: number;
  cursor: number | null;
  committed?: number | null;
}) {
  let [high, next, read] = [end, cursor, committed];
  const noted: unknown[][] = [];
  const goOn = () => {
    high++;
    if (next !== null) next++;
    if (read !== null) read++;
  };
  const sql = (async (words: TemplateStringsArray, ...values: unknown[]) => {
    if (words[0]!.includes("insert")) {
      noted.push(values);
      return [];
    }
    const rows = next === null ? [] : [{ topic: "t", partition: 0, next_offset: next }];
    goOn();
    return rows;
  }) as unknown as Sql;
  const kafka = {
    clusterId: async () => "c",
    admin: async () => ({
      committed: async () => {
        const answer = [{ partition: 0, offset: read === null ? null : String(read) }];
        goOn();
        return answer;
      },
      offsets: async () => {
        const ranges = [{ partition: 0, low: "0", high: String(high) }];
        goOn();
        return ranges;
      },
      close: async () => {},
    }),
  } satisfies Logs;
  return { at: { kafka, sql, consumer: "g", topics: ["t"] }, noted };
}

test("a process that starts while another reads on takes nothing for a cut log or an old database", async () => {
  expect(await misplacedCursor(world({ end: 10, cursor: 10 }).at)).toBeNull();
});

test("a cursor beyond the end of the log is told", async () => {
  expect(await misplacedCursor(world({ end: 5, cursor: 10, committed: null }).at)).toContain(
    "recreated or truncated",
  );
});

test("a database that knows less than its group has read is told, with the remedy", async () => {
  expect(await misplacedCursor(world({ end: 10, cursor: 6, committed: 9 }).at)).toMatch(
    /older than the topics.*npm run restore/,
  );
});

test("a group whose offset lies beyond the log begins anew there, and is no sign of an old database", async () => {
  expect(await misplacedCursor(world({ end: 5, cursor: 2, committed: 900 }).at)).toBeNull();
});

test("a database that never knew the consumer is new: it notes where the group is", async () => {
  const { at, noted } = world({ end: 10, cursor: null, committed: 7 });
  expect(await misplacedCursor(at)).toBeNull();
  expect(noted).toEqual([["g", "c", ["t"], [0], ["7"]]]);
});
