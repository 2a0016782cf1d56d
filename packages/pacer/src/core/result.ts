/** What an answer (or its absence) means for the message: one table, pure. Times by the database's clock. */
import type { Change, Item, SendResult } from "../item.ts";
import { type RetryPolicy, retryDelayMs } from "./retry.ts";

export type Next =
  | { op: "done"; outcome: "sent"; providerId: string }
  | { op: "done"; outcome: "failed"; providerId: null }
  | { op: "requeue"; nextAt: number; attempts: number }
  | { op: "doubt"; resolveBy: number };

export type Decision = { next: Next; attempts: number; change: Change };

export function decideResult(
  item: Item,
  claimedAt: number,
  result: SendResult,
  at: number,
  random: number,
  policy: RetryPolicy & { maxAttempts: number; doubtMs: number },
): Decision {
  switch (result.kind) {
    case "accepted":
      return {
        next: { op: "done", outcome: "sent", providerId: result.providerId },
        attempts: item.attempts + 1,
        change: { status: "sent", at, claimedAt, sentAt: at, providerId: result.providerId },
      };
    case "unsure":
      return {
        next: { op: "doubt", resolveBy: at + policy.doubtMs },
        attempts: item.attempts,
        change: { status: "in_doubt", at, claimedAt, reason: result.reason },
      };
    case "rejected": {
      const { retry, reason } = result;
      // A throttle raises the claim number but is no attempt: it says nothing about the message.
      const attempts = item.attempts + (retry === null || retry.countsAsAttempt ? 1 : 0);
      const exhausted = retry?.countsAsAttempt === true && attempts >= policy.maxAttempts;
      if (retry === null || exhausted)
        return {
          next: { op: "done", outcome: "failed", providerId: null },
          attempts,
          change: {
            status: "failed",
            at,
            claimedAt,
            reason: exhausted
              ? { ...reason, code: "attempts_exhausted", detail: `${reason.code}: ${reason.detail}` }
              : reason,
            dead: true,
          },
        };
      const nextAt = Math.ceil(at + retryDelayMs(item.n, retry.afterMs, random, policy));
      return {
        next: { op: "requeue", nextAt, attempts },
        attempts,
        change: { status: "queued", at, nextAt, reason },
      };
    }
  }
}
