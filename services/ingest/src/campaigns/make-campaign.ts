/** A new campaign, and the list of its request where it brings one: both or neither. */
import type { Caller } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import { makeAudience } from "../audiences/make-audience.ts";
import { audit, type CampaignDeps, checkSession, namedAudience } from "./campaign-api.ts";
import type { CampaignMessage, CampaignRequest } from "./campaign-request.ts";
import { type Campaign, insertCampaign } from "./campaign-store.ts";

export async function makeCampaign(
  deps: CampaignDeps,
  caller: Caller,
  asked: CampaignRequest,
): Promise<Campaign> {
  const { tenant } = caller;
  checkSession(deps, tenant, asked.session_id);
  return withTenants(deps.sql, [tenant], async (tx) => {
    const audience =
      asked.recipients === undefined
        ? await namedAudience(tx, tenant, asked.audience_id!)
        : await makeAudience(tx, caller, {
            id: deps.newAudienceId(),
            name: null,
            recipients: asked.recipients,
          });
    const row = await insertCampaign(tx, {
      id: deps.newCampaignId(),
      tenant,
      name: asked.name,
      audience: audience.id,
      message: messageOf(asked),
      external_ref: asked.external_ref ?? null,
      rate_per_s: asked.rate_per_s ?? null,
      stop_on: asked.stop_on ?? null,
      send_at: asked.send_at === undefined ? null : new Date(asked.send_at),
    });
    await audit(tx, deps, caller, "campaign.created", row.id, { audience_id: audience.id });
    return row;
  });
}

function messageOf(asked: CampaignMessage): CampaignMessage {
  const { session_id, pool, template, text, fallback, category, ttl_s } = asked;
  return defined({ session_id, pool, template, text, fallback, category, ttl_s });
}

function defined<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}
