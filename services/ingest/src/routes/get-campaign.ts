import { type ApiRoute, route } from "@wamesh/http";
import { type CampaignDeps, foundCampaign } from "../campaigns/campaign-api.ts";
import { campaignParams, campaignView, viewCampaign } from "../campaigns/campaign-view.ts";

export function getCampaign(deps: Pick<CampaignDeps, "sql" | "world" | "quota">): ApiRoute {
  return route({
    method: "get",
    path: "/v1/campaigns/{id}",
    scope: "campaigns:read",
    summary: "Read a campaign",
    description: "What became of its messages: GET /v1/status/campaigns/{id}.",
    params: campaignParams,
    success: { status: 200, description: "The campaign.", body: campaignView },
    handle: async ({ caller: { tenant }, params: { id } }) => ({
      body: viewCampaign(await foundCampaign(deps, tenant, id), deps),
    }),
  });
}
