import { type ApiRoute, route } from "@wamesh/http";
import type { CampaignDeps } from "../campaigns/campaign-api.ts";
import { campaignRequest } from "../campaigns/campaign-request.ts";
import { campaignView, viewCampaign } from "../campaigns/campaign-view.ts";
import { makeCampaign } from "../campaigns/make-campaign.ts";

export function createCampaign(deps: CampaignDeps): ApiRoute {
  return route({
    method: "post",
    path: "/v1/campaigns",
    scope: "campaigns:write",
    summary: "Make a campaign",
    description:
      "One message to each of a list, on the bulk lane. It is a draft: nothing leaves before POST …/start. In a text, {{name}} stands " +
      "for the variable of this name.",
    maxBodyBytes: 4 * 1024 * 1024,
    body: campaignRequest,
    success: { status: 201, description: "The draft.", body: campaignView },
    handle: async ({ caller, body, note }) => {
      const row = await makeCampaign(deps, caller, body);
      note({ campaign: row.id });
      return {
        body: viewCampaign(row, deps.world),
        headers: { location: `/v1/campaigns/${row.id}` },
      };
    },
  });
}
