import { type ApiRoute, route } from "@wamesh/http";
import type { CampaignDeps } from "../campaigns/campaign-api.ts";
import { campaignParams, campaignView, viewCampaign } from "../campaigns/campaign-view.ts";
import { commandCampaign } from "../campaigns/command-campaign.ts";

export function cancelCampaign(deps: CampaignDeps): ApiRoute {
  return route({
    method: "post",
    path: "/v1/campaigns/{id}/cancel",
    scope: "campaigns:write",
    summary: "Cancel a campaign",
    description: "Within seconds nothing of it leaves any more, and what waits ends cancelled. For good.",
    params: campaignParams,
    success: { status: 202, description: "It is cancelled.", body: campaignView },
    handle: async ({ caller, params: { id }, note }) => {
      note({ campaign: id });
      const row = await commandCampaign(deps, caller, id, { kind: "cancel" });
      return { body: viewCampaign(row, deps) };
    },
  });
}
