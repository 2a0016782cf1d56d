import { z } from "@hono/zod-openapi";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeCursor, encodeCursor, page, pageQuery } from "./paging.ts";
import { Problem } from "./problem.ts";

describe("paging", () => {
  test("following next_cursor shows every item once, and then ends", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat()), fc.integer({ min: 1, max: 7 }), (ids, limit) => {
        const all = ids.toSorted((a, b) => a - b);
        const seen: number[] = [];
        let cursor: string | undefined;
        do {
          const after = decodeCursor(cursor, z.tuple([z.int()]))?.[0] ?? -1;
          const rows = all.filter((id) => id > after).slice(0, limit + 1);
          const { items, next_cursor } = page(
            rows,
            limit,
            (id) => [id],
            (id) => id,
          );
          seen.push(...items);
          cursor = next_cursor ?? undefined;
        } while (cursor !== undefined);
        expect(seen).toEqual(all);
      }),
    );
  });

  test.each(["", "x", "bnVsbA", encodeCursor(["text"]), encodeCursor([1, 2])])(
    "cursor %j is refused",
    (cursor) => {
      expect(() => decodeCursor(cursor, z.tuple([z.int()]))).toThrow(Problem);
    },
  );

  test.each([
    ["200", 200],
    ["1", 1],
    [undefined, 50],
    ["201", null],
    ["0", null],
    ["-1", null],
    ["1.5", null],
    ["", null],
    ["1e2", null],
  ])("limit %j is read as %j", (limit, read) => {
    const parsed = pageQuery.safeParse(limit === undefined ? {} : { limit });
    expect(parsed.success ? parsed.data.limit : null).toBe(read);
  });
});
