import { type ApiRoute, route } from "@wamesh/http";
import type { CampaignDeps } from "../campaigns/campaign-api.ts";
import { campaignParams, campaignView, viewCampaign } from "../campaigns/campaign-view.ts";
import { commandCampaign } from "../campaigns/command-campaign.ts";

export function retryFailed(deps: CampaignDeps): ApiRoute {
  return route({
    method: "post",
    path: "/v1/campaigns/{id}/retry-failed",
    scope: "campaigns:write",
    summary: "Send once more to those whose message failed or expired",
    description:
      "Of a completed campaign, as its next run: new messages, each with the former one as retry_of. Who has opted out since is left out.",
    params: campaignParams,
    success: { status: 202, description: "Its next run has begun.", body: campaignView },
    handle: async ({ caller, params: { id }, note }) => {
      note({ campaign: id });
      const row = await commandCampaign(deps, caller, id, { kind: "retry_failed" });
      return { body: viewCampaign(row, deps) };
    },
  });
}
