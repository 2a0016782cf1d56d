/** How a campaign went over time: ten seconds each, by the times of what happened. */
import { bucketOf, type Share, type Tally } from "../tally.ts";
import type { Value } from "../view.ts";
import { leftAt } from "./activity.ts";

export const curveMs = 10_000;

export const campaignCurve: Tally = {
  table: "campaign_curve",
  key: { tenant: "text", campaign: "text", at: "time" },
  sums: ["sent", "delivered", "read", "failed"],
  reads: ["campaign", "status", "origin", "first_at", "sent_at", "delivered_at", "read_at", "failed_at"],
  shares(row) {
    const { tenant, campaign, status } = row;
    if ((campaign ?? null) === null) return [];
    const shares: Share[] = [];
    const add = (sum: string, at: Value | undefined) => {
      if ((at ?? null) === null) return;
      shares.push({ key: [tenant, campaign, bucketOf(at as number, curveMs)] as Share["key"], sum });
    };
    const isRead = status === "read" || status === "played";
    add("sent", leftAt(row));
    if (isRead || status === "delivered") add("delivered", row.delivered_at);
    if (isRead) add("read", row.read_at);
    if (status === "failed") add("failed", row.failed_at);
    return shares;
  },
};
