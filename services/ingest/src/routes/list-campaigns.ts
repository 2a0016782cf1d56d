import { z } from "@hono/zod-openapi";
import { type ApiRoute, decodeCursor, page, pageOf, pageQuery, route } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import type { CampaignDeps } from "../campaigns/campaign-api.ts";
import { listCampaigns as readCampaigns } from "../campaigns/campaign-store.ts";
import { campaignPhases, campaignView, viewCampaign } from "../campaigns/campaign-view.ts";

const sortKey = z.tuple([z.string()]);

export function listCampaigns(deps: Pick<CampaignDeps, "sql" | "world" | "quota">): ApiRoute {
  return route({
    method: "get",
    path: "/v1/campaigns",
    scope: "campaigns:read",
    summary: "List campaigns",
    query: pageQuery.extend({ state: z.enum(campaignPhases).optional() }),
    success: { status: 200, description: "The newest first.", body: pageOf(campaignView) },
    handle: async ({ caller: { tenant }, query: { limit, cursor, state = null } }) => {
      const before = decodeCursor(cursor, sortKey)?.[0] ?? null;
      const rows = await withTenants(deps.sql, [tenant], (tx) =>
        readCampaigns(tx, tenant, { state, before, limit: limit + 1 }),
      );
      return {
        body: page(
          rows,
          limit,
          ({ id }) => [id],
          (row) => viewCampaign(row, deps),
        ),
      };
    },
  });
}
