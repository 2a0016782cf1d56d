import { type ApiRoute, route } from "@wamesh/http";
import type { CampaignDeps } from "../campaigns/campaign-api.ts";
import { campaignRequest } from "../campaigns/campaign-request.ts";
import { campaignView, viewCampaign } from "../campaigns/campaign-view.ts";
import { makeCampaign } from "../campaigns/make-campaign.ts";
import { keyHeader, type OnceDeps, oncePerKey } from "../once-per-key.ts";

const endpoint = "/v1/campaigns";

export function createCampaign(deps: CampaignDeps & OnceDeps): ApiRoute {
  return route({
    method: "post",
    path: endpoint,
    scope: "campaigns:write",
    summary: "Make a campaign",
    description:
      "One message to each of a list, on the bulk lane. It is a draft: nothing leaves before POST …/start. In a text, {{name}} stands " +
      "for the variable of this name.",
    headers: keyHeader,
    maxBodyBytes: 4 * 1024 * 1024,
    body: campaignRequest,
    success: { status: 201, description: "The draft.", body: campaignView },
    handle: ({ caller, headers, body, note }) => {
      const request = { caller, endpoint, key: headers["idempotency-key"], body, note };
      return oncePerKey(deps, request, async () => {
        const row = await makeCampaign(deps, caller, body);
        note({ campaign: row.id });
        return { status: 201, location: `${endpoint}/${row.id}`, body: viewCampaign(row, deps) };
      });
    },
  });
}
