/** How a doubt goes on: a receipt ends it at once, else a person does, else the item's policy when its time has come. Pure. */
import type { Change, Reason } from "../item.ts";
import type { Doubt } from "../store.ts";

export type DoubtNext =
  | { op: "done"; outcome: "sent" | "failed" | "unconfirmed" | "cancelled"; providerId: string | null }
  | { op: "requeue"; nextAt: number; attempts: number; decided?: true }
  | { op: "doubt"; resolveBy: number }
  | { op: "correct"; providerId: string }
  | { op: "reopen"; nextAt: number; attempts: number }
  | { op: "forget" };

/** A change of null is nobody's news. */
export type DoubtDecision = { next: DoubtNext; attempts: number; change: Change | null } | null;

const unknownOutcome: Reason = {
  code: "outcome_unknown",
  faultClass: "provider",
  providerCode: null,
  detail: "no receipt came in time",
};
const ownerLost: Reason = {
  code: "owner_lost",
  faultClass: "platform",
  providerCode: null,
  detail: "the process that claimed it stopped before the answer was recorded",
};
const unknownAccepted: Reason = {
  code: "unknown_accepted",
  faultClass: "policy",
  providerCode: null,
  detail: "a person decided to leave its outcome unknown",
};
const resendDecided: Reason = {
  code: "resend_decided",
  faultClass: "policy",
  providerCode: null,
  detail: "a person decided to send it once more",
};
const cancelledInDoubt: Reason = {
  code: "cancelled",
  faultClass: "policy",
  providerCode: null,
  detail: "cancelled instead of being sent again; whether it left before is not known",
};
const failedByReceipt: Reason = {
  code: "outcome_unknown",
  faultClass: "provider",
  providerCode: null,
  detail: "a receipt says that it failed",
};

/** Null: nothing to do yet. `at` by the database's clock. */
export function decideDoubt(
  doubt: Doubt,
  at: number,
  { doubtMs, maxAttempts }: { doubtMs: number; maxAttempts: number },
): DoubtDecision {
  const { item, claimedAt, echo } = doubt;
  const attempts = item.attempts + 1;
  if (echo?.outcome === "sent")
    return {
      next:
        doubt.state === "unconfirmed"
          ? { op: "correct", providerId: echo.providerId }
          : { op: "done", outcome: "sent", providerId: echo.providerId },
      attempts,
      change: { status: "sent", at, claimedAt, sentAt: Math.min(echo.at, at), providerId: echo.providerId },
    };
  // What was cancelled is never queued again, whoever wishes it.
  const isResend = doubt.wish === "resend" && !doubt.cancelled;
  const again: Change = { status: "queued", at, nextAt: null, reason: resendDecided };
  if (doubt.state === "unconfirmed") {
    if (doubt.wish === "accept_unknown")
      return { next: { op: "forget" }, attempts: item.attempts, change: null };
    return isResend ? { next: { op: "reopen", nextAt: at, attempts }, attempts, change: again } : null;
  }
  if (echo?.outcome === "failed")
    return {
      next: { op: "done", outcome: "failed", providerId: echo.providerId || null },
      attempts,
      change: { status: "failed", at, claimedAt, reason: echo.reason ?? failedByReceipt, dead: true },
    };
  if (doubt.state === "orphaned")
    return {
      next: { op: "doubt", resolveBy: at + doubtMs },
      attempts: item.attempts,
      change: { status: "in_doubt", at, claimedAt, reason: ownerLost },
    };
  const unconfirmed = (reason: Reason): DoubtDecision => ({
    next: { op: "done", outcome: "unconfirmed", providerId: null },
    attempts,
    change: { status: "unconfirmed", at, claimedAt, reason, dead: false },
  });
  // Its content goes with the next look, when it has ended.
  if (doubt.wish === "accept_unknown") return unconfirmed(unknownAccepted);
  if (isResend)
    return { next: { op: "requeue", nextAt: at, attempts, decided: true }, attempts, change: again };
  if (!doubt.due) return null;
  // Sending again is an attempt like any other, so it ends.
  if (item.doubtPolicy === "fail_unknown" || attempts >= maxAttempts) return unconfirmed(unknownOutcome);
  if (doubt.cancelled)
    return {
      next: { op: "done", outcome: "cancelled", providerId: null },
      attempts,
      change: { status: "cancelled", at, claimedAt, reason: cancelledInDoubt, dead: false },
    };
  return {
    next: { op: "requeue", nextAt: at, attempts },
    attempts,
    change: { status: "queued", at, nextAt: null, reason: unknownOutcome },
  };
}
