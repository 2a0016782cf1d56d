/** Where the messages of a campaign stand, and why those stand badly that do. */
import type { Share, Tally } from "../tally.ts";

/** With these, a reason is an error of the campaign; with others it is a passing one. */
const withReason = ["failed", "expired", "unconfirmed", "in_doubt"];

export const campaignStatus: Tally = {
  table: "campaign_status",
  key: { tenant: "text", campaign: "text", status: "text", reason_code: "text", fault_class: "text" },
  sums: ["messages"],
  reads: ["campaign", "status", "reason_code", "fault_class"],
  shares({ tenant, campaign, status, reason_code, fault_class }) {
    if ((campaign ?? null) === null || (status ?? null) === null) return [];
    const reason = withReason.includes(status as string) ? [reason_code ?? "", fault_class ?? ""] : ["", ""];
    return [{ key: [tenant, campaign, status, ...reason] as Share["key"], sum: "messages" }];
  },
};
