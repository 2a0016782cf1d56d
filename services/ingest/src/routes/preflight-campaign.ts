import { z } from "@hono/zod-openapi";
import { type ApiRoute, route } from "@wamesh/http";
import { type CampaignDeps, foundCampaign } from "../campaigns/campaign-api.ts";
import { campaignParams, reasonCount } from "../campaigns/campaign-view.ts";
import { maxLooked, runPreflight } from "../campaigns/run-preflight.ts";

const preflightView = z
  .object({
    recipients: z.int().describe("Lines of the list."),
    will_send: z.int(),
    exact: z
      .boolean()
      .describe(
        `false: of more than ${maxLooked} recipients a sample was looked at, and counts are estimates.`,
      ),
    skipped: z
      .array(reasonCount)
      .describe(
        "invalid, duplicate, opted_out, outside_window, variable_missing, template_mismatch, refused.",
      ),
    lines: z
      .array(z.object({ line: z.int(), reason: z.string(), problem: z.string() }))
      .describe("The first hundred of those left out, by line of the file."),
    problems: z.array(z.object({ code: z.string(), problem: z.string() })).describe("Empty: it may start."),
    sessions: z.array(
      z.object({
        session_id: z.string(),
        name: z.string().nullable(),
        status: z.string(),
        messages: z.int(),
        rate_per_s: z.number().nullable(),
        seconds: z.int().nullable(),
      }),
    ),
    eta_s: z.int().nullable().describe("At the configured pace, with nothing else waiting."),
    limits: z
      .array(z.object({ kind: z.string(), of: z.int(), left: z.int() }))
      .describe(
        "Of the plan, by the day of UTC: left after what left since midnight. Empty where there is none.",
      ),
  })
  .openapi("Preflight");

export function preflightCampaign(deps: CampaignDeps): ApiRoute {
  return route({
    method: "post",
    path: "/v1/campaigns/{id}/preflight",
    scope: "campaigns:read",
    summary: "See what would become of a campaign",
    description: "As if it began now. Nothing is changed and nothing is sent.",
    params: campaignParams,
    success: { status: 200, description: "What would become of it.", body: preflightView },
    handle: async ({ caller: { tenant }, params: { id }, signal, note }) => {
      const row = await foundCampaign(deps, tenant, id);
      const found = await runPreflight(deps, row, signal);
      note({ campaign: id, recipients: found.recipients, will_send: found.will_send });
      return { body: found };
    },
  });
}
