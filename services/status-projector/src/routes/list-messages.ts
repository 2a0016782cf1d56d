import { z } from "@hono/zod-openapi";
import { type ApiRoute, decodeCursor, page, pageOf, pageQuery, route } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";
import { type AfterMessage, messageStatuses, listMessages as readMessages } from "../reads/search.ts";
import { periodQuery } from "./by-time.ts";
import { messageShape, viewMessage } from "./shapes.ts";

const sortKey = z.tuple([z.iso.datetime(), z.uuid()]);
const name = z.string().min(1).max(64).optional();

export function listMessages({ sql }: { sql: Sql }): ApiRoute {
  return route({
    method: "get",
    path: "/v1/status/messages",
    scope: "status:read",
    summary: "Search messages, newest first",
    description: "All that is asked for must hold.",
    query: pageQuery.extend({
      recipient: z
        .string()
        .min(1)
        .max(256)
        .optional()
        .describe("Who it is for: a number in E.164 with its + (as %2B), or the provider's id."),
      external_ref: z.string().min(1).max(256).optional(),
      status: z.enum(messageStatuses).optional(),
      error: name.describe("Code of the reason why it stands where it does."),
      session: name,
      session_id: name.describe("Another name of session."),
      campaign: name,
      rule: name,
      lane: z.enum(["otp", "standard", "bulk"]).optional(),
      since: periodQuery.since.describe("Accepted, or first heard of, then or later."),
      until: periodQuery.until.describe("Accepted, or first heard of, before."),
    }),
    success: { status: 200, description: "Without their timelines.", body: pageOf(messageShape) },
    handle: async ({ caller: { tenant }, query }) => {
      const { status, external_ref: externalRef, session_id, cursor, limit, ...more } = query;
      const filter = {
        ...more,
        externalRef,
        session: query.session ?? session_id,
        statuses: status === undefined ? undefined : [status],
      };
      const rows = await withTenants(sql, [tenant], (tx) =>
        readMessages(tx, tenant, filter, afterMessage(cursor), limit + 1),
      );
      return { body: page(rows, limit, messageSortKey, viewMessage) };
    },
  });
}

/** For lists of messages by the time of their acceptance. */
export function afterMessage(cursor: string | undefined): AfterMessage {
  const key = decodeCursor(cursor, sortKey);
  return key === null ? null : { firstAt: key[0], id: key[1] };
}

export function messageSortKey(row: { first_at: Date; message_id: string }): [string, string] {
  return [row.first_at.toISOString(), row.message_id];
}
