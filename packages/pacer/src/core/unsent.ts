/** How an item ends that was not sent: expired, cancelled, or its member is gone. Pure. */
import type { Change, Reason } from "../item.ts";

export type Unsent = "expired" | "cancelled" | "gone" | "tenant_mismatch";

const reasons: Record<Unsent, Reason> = {
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
  // A message that nobody wants any more is no dead letter.
  return {
    outcome,
    change: { status: outcome, at, claimedAt, reason: reasons[why], dead: why !== "cancelled" },
  };
}
