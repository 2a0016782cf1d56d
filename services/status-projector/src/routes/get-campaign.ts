import { z } from "@hono/zod-openapi";
import { type ApiRoute, problem, route } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";
import { readCampaign } from "../reads/campaigns.ts";
import { campaignShape, withMessages } from "./campaign-shape.ts";

export function getCampaign({ sql, now }: { sql: Sql; now: () => number }): ApiRoute {
  return route({
    method: "get",
    path: "/v1/status/campaigns/{id}",
    scope: "status:read",
    summary: "How a campaign goes",
    params: z.strictObject({ id: z.string().min(1).max(64) }),
    success: { status: 200, description: "Its state and what became of its messages.", body: campaignShape },
    handle: async ({ caller: { tenant }, params: { id } }) =>
      await withTenants(sql, [tenant], async (tx) => {
        const row = await readCampaign(tx, tenant, id);
        if (row === null) throw problem("not_found");
        const view = await withMessages(tx, tenant, [row], now());
        return { body: view(row) };
      }),
  });
}
