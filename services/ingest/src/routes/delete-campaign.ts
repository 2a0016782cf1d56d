import { type ApiRoute, problem, route } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import { audit, type CampaignDeps, foundCampaign } from "../campaigns/campaign-api.ts";
import { deleteDraft } from "../campaigns/campaign-store.ts";
import { campaignParams } from "../campaigns/campaign-view.ts";

export function deleteCampaign(deps: CampaignDeps): ApiRoute {
  return route({
    method: "delete",
    path: "/v1/campaigns/{id}",
    scope: "campaigns:write",
    summary: "Delete a draft",
    description: "A campaign that was started stays, since its messages speak of it; cancel it.",
    params: campaignParams,
    success: { status: 204, description: "Deleted." },
    handle: async ({ caller, params: { id }, note }) => {
      const { tenant } = caller;
      const { state } = await foundCampaign(deps, tenant, id);
      const isDeleted = await withTenants(deps.sql, [tenant], async (tx) => {
        if (!(await deleteDraft(tx, tenant, id))) return false;
        await audit(tx, deps, caller, "campaign.deleted", id, {});
        return true;
      });
      if (!isDeleted) throw problem("conflict", { detail: `It is ${state}, no draft. Cancel it.` });
      note({ campaign: id });
      return {};
    },
  });
}
