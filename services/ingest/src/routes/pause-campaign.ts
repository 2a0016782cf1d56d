import { type ApiRoute, route } from "@wamesh/http";
import type { CampaignDeps } from "../campaigns/campaign-api.ts";
import { campaignParams, campaignView, viewCampaign } from "../campaigns/campaign-view.ts";
import { commandCampaign } from "../campaigns/command-campaign.ts";

export function pauseCampaign(deps: CampaignDeps): ApiRoute {
  return route({
    method: "post",
    path: "/v1/campaigns/{id}/pause",
    scope: "campaigns:write",
    summary: "Pause a campaign",
    description:
      "Within seconds nothing of it leaves any more. What waits keeps its time to live, which runs on.",
    params: campaignParams,
    success: { status: 202, description: "It is paused.", body: campaignView },
    handle: async ({ caller, params: { id }, note }) => {
      note({ campaign: id });
      const row = await commandCampaign(deps, caller, id, { kind: "pause" });
      return { body: viewCampaign(row, deps) };
    },
  });
}
