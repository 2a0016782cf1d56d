import { z } from "@hono/zod-openapi";
import { type ApiRoute, page, pageOf, pageQuery, route } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";
import { listCampaigns as readCampaigns } from "../reads/campaigns.ts";
import { afterOf } from "./by-time.ts";
import { campaignShape, withMessages } from "./campaign-shape.ts";

export function listCampaigns({ sql, now }: { sql: Sql; now: () => number }): ApiRoute {
  return route({
    method: "get",
    path: "/v1/status/campaigns",
    scope: "status:read",
    summary: "List campaigns with what became of their messages, newest first",
    query: pageQuery.extend({
      state: z
        .enum(["draft", "scheduled", "expanding", "processing", "paused", "completed", "cancelled"])
        .optional(),
    }),
    success: { status: 200, description: "Each with its counts.", body: pageOf(campaignShape) },
    handle: async ({ caller: { tenant }, query: { state, cursor, limit } }) => {
      const key = afterOf(cursor);
      const after = key === null ? null : { listedAt: key.occurredAt, id: key.id };
      return await withTenants(sql, [tenant], async (tx) => {
        const rows = await readCampaigns(tx, tenant, state, after, limit + 1);
        const view = await withMessages(tx, tenant, rows, now());
        return { body: page(rows, limit, (row) => [row.listed_at.getTime(), row.campaign], view) };
      });
    },
  });
}
