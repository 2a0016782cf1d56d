import { type ApiRoute, route } from "@wamesh/http";
import type { CampaignDeps } from "../campaigns/campaign-api.ts";
import { campaignParams, campaignView, viewCampaign } from "../campaigns/campaign-view.ts";
import { commandCampaign } from "../campaigns/command-campaign.ts";

export function resumeCampaign(deps: CampaignDeps): ApiRoute {
  return route({
    method: "post",
    path: "/v1/campaigns/{id}/resume",
    scope: "campaigns:write",
    summary: "Resume a campaign",
    description: "Also one that stopped by itself: its error rate counts anew from here.",
    params: campaignParams,
    success: { status: 202, description: "It runs.", body: campaignView },
    handle: async ({ caller, params: { id }, note }) => {
      note({ campaign: id });
      const row = await commandCampaign(deps, caller, id, { kind: "resume" });
      return { body: viewCampaign(row, deps) };
    },
  });
}
