import { z } from "@hono/zod-openapi";
import { type ApiRoute, decodeCursor, page, pageOf, pageQuery, route } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";
import { listMessages as readMessages } from "../reads/messages.ts";
import { messageShape, viewMessage } from "./shapes.ts";

const sortKey = z.tuple([z.iso.datetime(), z.uuid()]);

export function listMessages({ sql }: { sql: Sql }): ApiRoute {
  return route({
    method: "get",
    path: "/v1/status/messages",
    scope: "status:read",
    summary: "List messages, newest first",
    query: pageQuery.extend({
      status: z
        .enum([
          "accepted",
          "queued",
          "claimed",
          "in_doubt",
          "unconfirmed",
          "sent",
          "delivered",
          "read",
          "played",
          "failed",
          "expired",
          "cancelled",
        ])
        .optional(),
      lane: z.enum(["otp", "standard", "bulk"]).optional(),
      session_id: z.string().min(1).max(64).optional(),
      external_ref: z.string().min(1).max(256).optional(),
    }),
    success: { status: 200, description: "Without their timelines.", body: pageOf(messageShape) },
    handle: async ({ caller: { tenant }, query }) => {
      const key = decodeCursor(query.cursor, sortKey);
      const after = key === null ? null : { firstAt: key[0], id: key[1] };
      const { status, lane, session_id: session, external_ref: externalRef, limit } = query;
      const rows = await withTenants(sql, [tenant], (tx) =>
        readMessages(tx, tenant, { status, lane, session, externalRef }, after, limit + 1),
      );
      return { body: page(rows, limit, (row) => [row.first_at.toISOString(), row.message_id], viewMessage) };
    },
  });
}
