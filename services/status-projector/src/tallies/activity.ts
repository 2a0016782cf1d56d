/** What happened in each hour, by session, campaign, category and provider. */
import { bucketOf, hourMs, type Share, type Tally } from "../tally.ts";
import type { Row, Value } from "../view.ts";

const sums = ["accepted", "sent", "delivered", "read", "failed", "expired", "cancelled", "billable"] as const;

export const activity: Tally = {
  table: "activity",
  key: { tenant: "text", at: "time", session: "text", campaign: "text", category: "text", provider: "text" },
  sums,
  reads: [
    "status",
    "origin",
    "session",
    "campaign",
    "category",
    "priced_as",
    "provider",
    "billable",
    "first_at",
    "accepted_at",
    "sent_at",
    "delivered_at",
    "read_at",
    "failed_at",
    "expired_at",
    "cancelled_at",
  ],
  shares(row) {
    const shares: Share[] = [];
    const add = (sum: (typeof sums)[number], at: Value | undefined) => {
      // Nothing passes a point without its time; the moment it was first heard of stands in all the same.
      const ms = bucketOf((at ?? row.first_at) as number, hourMs);
      const { tenant, session, campaign, category, priced_as, provider } = row;
      const key = [tenant, ms, session ?? "", campaign ?? "", priced_as ?? category ?? "", provider ?? ""];
      shares.push({ key: key as Share["key"], sum });
    };
    if ((row.accepted_at ?? null) !== null) add("accepted", row.accepted_at);
    const left = leftAt(row);
    if (left !== null) {
      add("sent", left);
      if (row.billable === true) add("billable", left);
    }
    if (isAny(row.status, arrived)) add("delivered", row.delivered_at);
    if (isAny(row.status, seen)) add("read", row.read_at);
    if (row.status === "failed") add("failed", row.failed_at);
    if (row.status === "expired") add("expired", row.expired_at);
    if (row.status === "cancelled") add("cancelled", row.cancelled_at);
    return shares;
  },
};

const seen = ["read", "played"];
const arrived = ["delivered", ...seen];

/** When it went to the provider, for a message that surely did: also one that the provider then failed. Null otherwise. */
export function leftAt({ status, origin, sent_at, failed_at, first_at }: Row): number | null {
  const wentOut = status === "sent" || isAny(status, arrived);
  if (!wentOut && !(status === "failed" && origin === "provider")) return null;
  return (sent_at ?? failed_at ?? first_at) as number;
}

function isAny(status: Value | undefined, names: readonly string[]): boolean {
  return typeof status === "string" && names.includes(status);
}
