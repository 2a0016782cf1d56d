/** A campaign's figures out of its counts by status. Pure. */
import type { CampaignProgress } from "../../shapes/campaign.ts";

export type Part = { series: "read" | "delivered" | "sent" | "failed"; name: string; count: number };

export type Figures = {
  parts: readonly Part[];
  /** Of the audience: those that get a message, skipped ones left out. */
  toSend: number;
  /** Given to the provider, or further. */
  sent: number;
  delivered: number;
  read: number;
  failed: number;
  doubtful: number;
  ended: number;
};

/** Each message counts once, under its last status: so `delivered` here is delivered and not read. */
export function figuresOf(
  campaign: Pick<CampaignProgress, "counts" | "total" | "expanded" | "skipped">,
): Figures {
  const at = (...statuses: string[]) =>
    statuses.reduce((sum, status) => sum + (campaign.counts[status] ?? 0), 0);
  const read = at("read", "played");
  const delivered = at("delivered");
  const onTheWay = at("sent");
  const failed = at("failed", "expired");
  const cancelled = at("cancelled");
  const doubtful = at("in_doubt", "unconfirmed");
  // Until the audience is read whole, what was made so far is all that is known.
  const toSend = Math.max(campaign.expanded, (campaign.total ?? 0) - campaign.skipped);
  return {
    parts: [
      { series: "read", name: "Read", count: read },
      { series: "delivered", name: "Delivered", count: delivered },
      { series: "sent", name: "Sent", count: onTheWay },
      { series: "failed", name: "Failed", count: failed },
    ],
    toSend,
    sent: onTheWay + delivered + read,
    delivered: delivered + read,
    read,
    failed,
    doubtful,
    ended: onTheWay + delivered + read + failed + cancelled,
  };
}
