import { type ApiRoute, route } from "@wamesh/http";
import type { CampaignDeps } from "../campaigns/campaign-api.ts";
import { campaignChange } from "../campaigns/campaign-request.ts";
import { campaignParams, campaignView, viewCampaign } from "../campaigns/campaign-view.ts";
import { changeCampaign as change } from "../campaigns/change-campaign.ts";

export function changeCampaign(deps: CampaignDeps): ApiRoute {
  return route({
    method: "patch",
    path: "/v1/campaigns/{id}",
    scope: "campaigns:write",
    summary: "Change a campaign that has not begun",
    description: "A field that is left out stays as it is, null takes it away.",
    params: campaignParams,
    body: campaignChange,
    success: { status: 200, description: "As it now is.", body: campaignView },
    handle: async ({ caller, params: { id }, body, note }) => {
      note({ campaign: id });
      return { body: viewCampaign(await change(deps, caller, id, body), deps) };
    },
  });
}
