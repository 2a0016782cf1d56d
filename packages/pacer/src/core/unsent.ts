/** How an item ends that was not sent: expired, cancelled, its member is gone, or its user refuses it. Pure. */
import type { Change, Reason } from "../item.ts";

type Known = "expired" | "cancelled" | "gone" | "tenant_mismatch";
export type Unsent = Known | { kind: "refuse"; reason: Reason };

const reasons: Record<Known, Reason> = {
  expired: {
    code: "ttl_expired",
    faultClass: "pace",
    providerCode: null,
    detail: "its time ran out before its turn",
  },
  cancelled: {
    code: "cancelled",
    faultClass: "policy",
    providerCode: null,
    detail: "cancelled before it left",
  },
  gone: {
    code: "session_deleted",
    faultClass: "policy",
    providerCode: null,
    detail: "its session was deleted",
  },
  tenant_mismatch: {
    code: "tenant_mismatch",
    faultClass: "platform",
    providerCode: null,
    detail: "its session belongs to another tenant",
  },
};

export function endUnsent(
  why: Unsent,
  at: number,
  claimedAt: number | null,
): { outcome: "expired" | "cancelled" | "failed"; change: Change } {
  const outcome = why === "expired" || why === "cancelled" ? why : "failed";
  const reason = typeof why === "string" ? reasons[why] : why.reason;
  // What nobody wants any more, or nobody may have, is no dead letter.
  const dead = typeof why === "string" && why !== "cancelled";
  return { outcome, change: { status: outcome, at, claimedAt, reason, dead } };
}
