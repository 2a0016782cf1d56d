/** What lists by time share: a period to ask for, and the sort key in their cursors. */
import { z } from "@hono/zod-openapi";
import { decodeCursor } from "@wamesh/http";
import type { After } from "../reads/by-time.ts";

/** End of the year 9999: the last moment that is stored. */
const maxTimeMs = 253_402_300_799_999;

const moment = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .refine((ms) => ms >= 0 && ms <= maxTimeMs, "is not a time from 1970 to 9999")
  .optional();

export const periodQuery = {
  since: moment.openapi({ type: "string", format: "date-time", description: "It happened then or later." }),
  until: moment.openapi({ type: "string", format: "date-time", description: "It happened before." }),
};

const sortKey = z.tuple([z.int().min(0).max(maxTimeMs), z.string().max(1_300)]);

export function afterOf(cursor: string | undefined): After {
  const key = decodeCursor(cursor, sortKey);
  return key === null ? null : { occurredAt: key[0], id: key[1] };
}

export function sortKeyOf(row: { occurred_at: Date; event_id: string }): [number, string] {
  return [row.occurred_at.getTime(), row.event_id];
}
