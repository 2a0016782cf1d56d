import { z } from "@hono/zod-openapi";
import { type ApiRoute, decodeCursor, page, pageOf, pageQuery, route } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";
import { listEvents as readEvents } from "../reads/events.ts";
import { periodQuery } from "./by-time.ts";
import { eventShape, outcomeName, viewEvent } from "./event-view.ts";

const sortKey = z.tuple([z.int().min(0).max(253_402_300_799_999), z.string().max(256), z.string().max(512)]);

export function listEvents({ sql }: { sql: Sql }): ApiRoute {
  return route({
    method: "get",
    path: "/v1/status/events",
    scope: "status:read",
    summary: "List domain events, newest first",
    query: pageQuery.extend({
      ...periodQuery,
      type: z.string().min(1).max(256).optional(),
      source: z.string().min(1).max(512).optional(),
      outcome: outcomeName.optional().describe("Events of which a rule or step ended so."),
      rule: z.string().min(1).max(64).optional().describe("Events that met this rule."),
    }),
    success: { status: 200, description: "Each with what became of it.", body: pageOf(eventShape) },
    handle: async ({ caller: { tenant }, query: { cursor, limit, ...filter } }) => {
      const key = decodeCursor(cursor, sortKey);
      const after = key === null ? null : { occurredAt: key[0], id: key[1], source: key[2] };
      const rows = await withTenants(sql, [tenant], (tx) => readEvents(tx, tenant, filter, after, limit + 1));
      const keyOf = ({ event }: (typeof rows)[number]) => [
        event.occurred_at.getTime(),
        event.event_id,
        event.source,
      ];
      return { body: page(rows, limit, keyOf, viewEvent) };
    },
  });
}
