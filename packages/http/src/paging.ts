/** Lists: `limit` up to 200 and an opaque `cursor`, which holds the sort key of the last item seen. */
import { z } from "@hono/zod-openapi";
import { problem } from "./problem.ts";

export const maxLimit = 200;

/** Extend it: `pageQuery.extend({ lane: laneName.optional() })`. */
export const pageQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,3}$/, `is not a whole number from 1 to ${maxLimit}`)
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= maxLimit, `is not a whole number from 1 to ${maxLimit}`)
    .default(50)
    .openapi({ type: "integer", minimum: 1, maximum: maxLimit, default: 50 }),
  cursor: z.string().max(1024).optional().describe("next_cursor of the page before."),
});

/** Schema of a page of such items. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next_cursor: z.string().nullable().describe("null on the last page."),
  });
}

/** Makes a page of up to `limit` items out of up to `limit + 1` rows: the one too many says that there is more. */
export function page<Row, Item>(
  rows: readonly Row[],
  limit: number,
  sortKey: (row: Row) => readonly (string | number)[],
  item: (row: Row) => Item,
): { items: Item[]; next_cursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(item),
    next_cursor: rows.length > limit && last !== undefined ? encodeCursor(sortKey(last)) : null,
  };
}

export function encodeCursor(sortKey: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(sortKey)).toString("base64url");
}

/** The sort key in a cursor, or null without one. Throws invalid_query on one that is not ours; it says nothing about rights. */
export function decodeCursor<Key extends z.ZodType>(
  cursor: string | undefined,
  key: Key,
): z.output<Key> | null {
  if (cursor === undefined) return null;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    value = undefined;
  }
  const parsed = key.safeParse(value);
  if (parsed.success && !JSON.stringify(value).includes("\\u0000")) return parsed.data;
  throw problem("invalid_query", {
    detail: "The cursor is not one of this list's.",
    errors: [
      {
        field: "cursor",
        problem: "is not a cursor of this list",
        remedy: "Send next_cursor of the page before, or leave it out.",
      },
    ],
  });
}
