import { z } from "@hono/zod-openapi";
import { type ApiRoute, route } from "@wamesh/http";
import type { CampaignDeps } from "../campaigns/campaign-api.ts";
import { campaignParams, campaignView, viewCampaign } from "../campaigns/campaign-view.ts";
import { commandCampaign } from "../campaigns/command-campaign.ts";

const body = z
  .strictObject({
    at: z.iso
      .datetime({ offset: true })
      .optional()
      .describe("When it begins; default is its send_at, else now. Of one that is scheduled: now."),
  })
  .openapi("CampaignStart", { example: {} });

export function startCampaign(deps: CampaignDeps): ApiRoute {
  return route({
    method: "post",
    path: "/v1/campaigns/{id}/start",
    scope: "campaigns:write",
    summary: "Start a campaign, or schedule it",
    description:
      "Its sessions need not be connected: then it waits, and its reason says so. Refused where nobody would get a message.",
    params: campaignParams,
    body,
    success: { status: 202, description: "It is expanding or scheduled.", body: campaignView },
    handle: async ({ caller, params: { id }, body: { at }, note }) => {
      note({ campaign: id });
      const command = { kind: "start", at: at === undefined ? null : Date.parse(at) } as const;
      return { body: viewCampaign(await commandCampaign(deps, caller, id, command), deps) };
    },
  });
}
