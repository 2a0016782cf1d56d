/** What of a session's messages may be held by itself: those of one campaign and one template. Pure. */
import type { Directory } from "@wamesh/directory";
import { largeTenantSpread, type OutboundMessage } from "@wamesh/events";
import type { Hold, StreamPace } from "@wamesh/pacer";
import type { Campaigns } from "./campaigns.ts";

export type Stream = { campaign: string | null; template: { name: string; language: string } | null };

/** Null for a message of neither. */
export function streamOf(record: Pick<OutboundMessage, "campaign" | "content">): string | null {
  const { campaign } = record;
  const { template } = record.content;
  if (campaign === null && template === null) return null;
  const parts = [campaign ?? "", template?.name ?? "", template?.language ?? ""];
  return parts.map(encodeURIComponent).join("/");
}

/** One that was not written by `streamOf` is a campaign's. */
export function readStream(stream: string): Stream {
  try {
    const [campaign = "", name = "", language = ""] = stream.split("/").map(decodeURIComponent);
    return { campaign: campaign || null, template: name === "" ? null : { name, language } };
  } catch {
    return { campaign: stream, template: null };
  }
}

/**
 * What its owner wants at most, over all its sessions; null: no pace of its own. A large tenant lies on several shards, and each
 * takes its part.
 */
export function paceOf(
  directory: Pick<Directory, "session" | "tenant">,
  campaigns: Pick<Campaigns, "ratePerS">,
  sessionId: string,
  stream: string,
): StreamPace | null {
  const { campaign } = readStream(stream);
  const tenant = campaign === null ? undefined : directory.session(sessionId)?.tenant;
  if (campaign === null || tenant === undefined) return null;
  const ratePerS = campaigns.ratePerS(tenant, campaign);
  if (ratePerS === null || !(ratePerS > 0)) return null;
  const parts = directory.tenant(tenant)?.record?.large ? largeTenantSpread : 1;
  return { key: `${tenant}/${campaign}`, ratePerS: ratePerS / parts, reason: "campaign_pace" };
}

/** Null: its messages may leave. A campaign or template nobody has heard of is no reason to wait. */
export function holdOf(
  directory: Pick<Directory, "session" | "template">,
  campaigns: Pick<Campaigns, "phase">,
  sessionId: string,
  stream: string,
): Hold | null {
  const session = directory.session(sessionId);
  if (session === undefined) return null;
  const { campaign, template } = readStream(stream);
  if (campaign !== null) {
    const phase = campaigns.phase(session.tenant, campaign);
    if (phase === "cancelled") return { kind: "cancelled", reason: "campaign_cancelled" };
    if (phase === "paused") return { kind: "held", reason: "campaign_paused" };
    if (phase === "draft" || phase === "scheduled") return { kind: "held", reason: "campaign_not_started" };
  }
  if (template !== null) {
    const known = directory.template(session.tenant, session.account, template.name, template.language);
    if (known?.state === "paused") return { kind: "held", reason: "template_paused" };
    if (known?.state === "disabled" || known?.state === "rejected")
      return { kind: "held", reason: "template_disabled" };
  }
  return null;
}
