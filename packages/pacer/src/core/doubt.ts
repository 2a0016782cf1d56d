/** How a doubt goes on: a receipt ends it at once, the item's policy when its time has come. Pure. */
import type { Change, Reason } from "../item.ts";
import type { Doubt } from "../store.ts";

export type DoubtNext =
  | { op: "done"; outcome: "sent" | "failed" | "unconfirmed"; providerId: string | null }
  | { op: "requeue"; nextAt: null; attempts: number }
  | { op: "doubt"; resolveBy: number }
  | { op: "correct"; providerId: string };

export type DoubtDecision = { next: DoubtNext; attempts: number; change: Change } | null;

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
  if (doubt.state === "unconfirmed") return null;
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
  if (!doubt.due) return null;
  // Sending again is an attempt like any other, so it ends.
  if (item.doubtPolicy === "resend" && attempts < maxAttempts)
    return {
      next: { op: "requeue", nextAt: null, attempts },
      attempts,
      change: { status: "queued", at, nextAt: null, reason: unknownOutcome },
    };
  return {
    next: { op: "done", outcome: "unconfirmed", providerId: null },
    attempts,
    change: { status: "unconfirmed", at, claimedAt, reason: unknownOutcome, dead: false },
  };
}
