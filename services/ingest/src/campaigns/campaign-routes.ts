/** The routes of lists and campaigns. */
import type { ApiRoute } from "@wamesh/http";
import type { OnceDeps } from "../once-per-key.ts";
import { cancelCampaign } from "../routes/cancel-campaign.ts";
import { changeCampaign } from "../routes/change-campaign.ts";
import { createAudience } from "../routes/create-audience.ts";
import { createCampaign } from "../routes/create-campaign.ts";
import { deleteAudience } from "../routes/delete-audience.ts";
import { deleteCampaign } from "../routes/delete-campaign.ts";
import { getAudience } from "../routes/get-audience.ts";
import { getCampaign } from "../routes/get-campaign.ts";
import { listAudienceErrors } from "../routes/list-audience-errors.ts";
import { listAudiences } from "../routes/list-audiences.ts";
import { listCampaignSkips } from "../routes/list-campaign-skips.ts";
import { listCampaigns } from "../routes/list-campaigns.ts";
import { pauseCampaign } from "../routes/pause-campaign.ts";
import { preflightCampaign } from "../routes/preflight-campaign.ts";
import { putAudienceCsv } from "../routes/put-audience-csv.ts";
import { resumeCampaign } from "../routes/resume-campaign.ts";
import { retryFailed } from "../routes/retry-failed.ts";
import { startCampaign } from "../routes/start-campaign.ts";
import type { CampaignDeps } from "./campaign-api.ts";

export function campaignRoutes(deps: CampaignDeps & OnceDeps): ApiRoute[] {
  return [
    createAudience(deps),
    putAudienceCsv(deps),
    listAudiences(deps),
    getAudience(deps),
    listAudienceErrors(deps),
    deleteAudience(deps),
    createCampaign(deps),
    listCampaigns(deps),
    getCampaign(deps),
    changeCampaign(deps),
    deleteCampaign(deps),
    preflightCampaign(deps),
    startCampaign(deps),
    pauseCampaign(deps),
    resumeCampaign(deps),
    cancelCampaign(deps),
    retryFailed(deps),
    listCampaignSkips(deps),
  ];
}
