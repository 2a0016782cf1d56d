import { z } from "@hono/zod-openapi";
import { type ApiRoute, page, pageOf, pageQuery, route } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";
import { evidenceOf } from "../evidence.ts";
import { doubtful, listDoubts as readDoubts } from "../reads/doubts.ts";
import { afterMessage, messageSortKey } from "./list-messages.ts";

const text = z.string().nullable();

const doubtShape = z
  .object({
    message_id: z.uuid(),
    session_id: text,
    recipient_token: text,
    lane: text,
    campaign: text,
    claim: z.int(),
    since: z.iso.datetime(),
    evidence: z
      .array(z.object({ at: z.iso.datetime(), kind: z.string(), text: z.string() }))
      .describe("What speaks for and against its having left, oldest first."),
    status: z.enum(doubtful).describe("unconfirmed: for good, unless a receipt comes late."),
  })
  .openapi("Doubt");

export function listDoubts({ sql }: { sql: Sql }): ApiRoute {
  return route({
    method: "get",
    path: "/v1/status/doubts",
    scope: "status:read",
    summary: "List messages of which it is not known whether they left",
    description: "Decide over them with POST /v1/resolutions.",
    query: pageQuery,
    success: { status: 200, description: "The latest accepted first.", body: pageOf(doubtShape) },
    handle: async ({ caller: { tenant }, query: { cursor, limit } }) => {
      const rows = await withTenants(sql, [tenant], (tx) =>
        readDoubts(tx, tenant, afterMessage(cursor), limit + 1),
      );
      return {
        body: page(rows, limit, messageSortKey, ({ history, ...row }) => ({
          message_id: row.message_id,
          session_id: row.session,
          recipient_token: row.recipient_token,
          lane: row.lane,
          campaign: row.campaign,
          claim: row.claim,
          since: row.state_at.toISOString(),
          evidence: evidenceOf(history).map((one) => ({ ...one, at: one.at.toISOString() })),
          status: row.status as (typeof doubtful)[number],
        })),
      };
    },
  });
}
