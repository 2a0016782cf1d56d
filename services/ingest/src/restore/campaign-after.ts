/** What a campaign's record, newer than its row, means for the row. Pure. */
import type { CampaignState } from "@wamesh/events";
import type { Campaign } from "../campaigns/campaign-store.ts";

export type CampaignRow = Pick<Campaign, "version" | "state" | "run">;

/** `state` null: as the row has it; the campaign goes on from there, and makes nobody's message twice. */
export type CampaignTakeOver = {
  version: number;
  state: "paused" | "cancelled" | null;
  reason: string | null;
};

export type CampaignAfter = {
  take: CampaignTakeOver | null;
  /** What only a person can do about it. */
  ask: string | null;
};

const nothing: CampaignAfter = { take: null, ask: null };

export function campaignAfter(
  row: CampaignRow | null,
  record: Pick<CampaignState, "version" | "state" | "run" | "reason">,
): CampaignAfter {
  const { version, state, reason } = record;
  const isOver = state === "completed" || state === "cancelled";
  if (row === null)
    return isOver
      ? nothing
      : { take: null, ask: "made since the copy: what it has made is sent, the rest of its list is lost" };
  if (row.version >= version) return nothing;
  // Made messages can't be unmade, but nothing more is made of what somebody stopped.
  if ((state === "paused" || state === "cancelled") && row.state !== "completed")
    return { take: { version, state, reason }, ask: null };
  const take: CampaignTakeOver = { version, state: null, reason: null };
  if (record.run > row.run) return { take, ask: "retried since the copy: retry it again" };
  if (row.state === "draft" && state !== "draft")
    return { take, ask: "started since the copy: start it again" };
  if (row.state === "paused") return { take, ask: "resumed since the copy: resume it again" };
  return { take, ask: null };
}
