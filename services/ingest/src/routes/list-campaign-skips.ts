import { z } from "@hono/zod-openapi";
import { type ApiRoute, decodeCursor, page, pageOf, pageQuery, route } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import { type CampaignDeps, foundCampaign } from "../campaigns/campaign-api.ts";
import { listSkips } from "../campaigns/campaign-store.ts";
import { campaignParams } from "../campaigns/campaign-view.ts";

const sortKey = z.tuple([z.number()]);

const skippedLine = z
  .object({ line: z.int().describe("Of the list's file."), reason: z.string(), problem: z.string() })
  .openapi("CampaignSkip");

export function listCampaignSkips(deps: Pick<CampaignDeps, "sql">): ApiRoute {
  return route({
    method: "get",
    path: "/v1/campaigns/{id}/skips",
    scope: "campaigns:read",
    summary: "List whom a campaign left out",
    description: "Those that its list had left out before are named by GET /v1/audiences/{id}/errors.",
    params: campaignParams,
    query: pageQuery,
    success: {
      status: 200,
      description: "Of its present run, in order of lines; the first thousand.",
      body: pageOf(skippedLine),
    },
    handle: async ({ caller: { tenant }, params: { id }, query: { limit, cursor } }) => {
      const after = decodeCursor(cursor, sortKey)?.[0] ?? 0;
      const row = await foundCampaign(deps, tenant, id);
      const skips = await withTenants(deps.sql, [tenant], (tx) => listSkips(tx, row, after, limit + 1));
      return {
        body: page(
          skips,
          limit,
          ({ line }) => [line],
          (skip) => skip,
        ),
      };
    },
  });
}
