/** A change of what a campaign says, and to whom. */
import { type Caller, type FieldError, problem } from "@wamesh/http";
import { enqueue, withTenants } from "@wamesh/store";
import { audit, type CampaignDeps, checkSession, lockedCampaign, namedAudience } from "./campaign-api.ts";
import {
  type CampaignChange,
  type CampaignMessage,
  campaignMessage,
  checkMessage,
} from "./campaign-request.ts";
import { type Campaign, saveCampaign } from "./campaign-store.ts";
import { recordOf } from "./move-campaign.ts";

/** Only before it begins: its messages are all alike. */
export async function changeCampaign(
  deps: CampaignDeps,
  caller: Caller,
  id: string,
  change: CampaignChange,
): Promise<Campaign> {
  const { tenant } = caller;
  return withTenants(deps.sql, [tenant], async (tx) => {
    const row = await lockedCampaign(tx, tenant, id);
    if (row.state !== "draft" && row.state !== "scheduled")
      throw problem("conflict", { detail: `It is ${row.state}: it can't be changed any more.` });
    const message = changedMessage(row.message, change);
    checkSession(deps, tenant, change.session_id ?? undefined);
    const audience =
      change.audience_id === undefined ? null : await namedAudience(tx, tenant, change.audience_id);
    const after: Campaign = {
      ...row,
      message,
      name: change.name ?? row.name,
      audience: audience?.id ?? row.audience,
      send_at: change.send_at === undefined ? row.send_at : dateOf(change.send_at),
      rate_per_s: change.rate_per_s === undefined ? row.rate_per_s : change.rate_per_s,
      stop_on: change.stop_on === undefined ? row.stop_on : change.stop_on,
      external_ref: change.external_ref === undefined ? row.external_ref : change.external_ref,
      version: row.version + 1,
      changed_at: new Date(deps.now()),
    };
    if (after.state === "scheduled" && after.send_at === null)
      throw invalid([
        { field: "send_at", problem: "is what it waits for", remedy: "Send a time, or start it." },
      ]);
    await saveCampaign(tx, after);
    if (after.state === "scheduled") await enqueue(tx, [deps.records.campaign(recordOf(after))]);
    await audit(tx, deps, caller, "campaign.changed", id, { fields: Object.keys(change) });
    return after;
  });
}

function changedMessage(before: CampaignMessage, change: CampaignChange): CampaignMessage {
  const fields = Object.keys(campaignMessage.shape) as (keyof CampaignMessage)[];
  const after: Record<string, unknown> = { ...before };
  for (const field of fields)
    if (change[field] === null) delete after[field];
    else if (change[field] !== undefined) after[field] = change[field];
  const message = after as CampaignMessage;
  const errors: FieldError[] = [];
  checkMessage(message, (field, what) => errors.push({ field, problem: what, remedy: "Correct it." }));
  if (errors.length > 0) throw invalid(errors);
  return message;
}

function invalid(errors: FieldError[]) {
  return problem("invalid_body", { detail: `${errors[0]!.field}: ${errors[0]!.problem}.`, errors });
}

function dateOf(time: string | null): Date | null {
  return time === null ? null : new Date(time);
}
