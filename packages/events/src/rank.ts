/** Order of message states: how two records about the same message merge. Pure; the same in every service. */
import type { MessageStatus, Status, StatusOrigin } from "./generated/records.ts";

const ranks: Record<Status, number> = {
  UNKNOWN: -1,
  reference: -1,
  accepted: 0,
  queued: 10,
  claimed: 20,
  in_doubt: 30,
  unconfirmed: 40,
  sent: 50,
  failed: 60,
  delivered: 70,
  read: 80,
  played: 90,
  expired: 101,
  cancelled: 102,
};

/** Rank of a status. A failure reported by the provider may still be overtaken by a receipt; one decided here is final. */
export function rankOf(status: Status, origin: StatusOrigin): number {
  return status === "failed" && origin === "mesh" ? 100 : ranks[status];
}

export type MessageState = Pick<MessageStatus, "status" | "origin" | "claim">;

/**
 * Whether `next` replaces `current` as the message's state: the higher (claim, rank) before `sent`, the higher rank from
 * `sent` on. Commutative and idempotent: any order of the same records ends in the same state.
 */
export function supersedes(next: MessageState, current: MessageState): boolean {
  const nextRank = rankOf(next.status, next.origin);
  const currentRank = rankOf(current.status, current.origin);
  // A reference, or a status of a later release, says nothing about the state, whatever its claim.
  if (nextRank < 0 || currentRank < 0) return nextRank > currentRank;
  const sent = 50;
  if (nextRank >= sent || currentRank >= sent)
    return nextRank > currentRank || (nextRank === currentRank && next.claim > current.claim);
  return next.claim > current.claim || (next.claim === current.claim && nextRank > currentRank);
}

const finals: ReadonlySet<Status> = new Set([
  "sent",
  "delivered",
  "read",
  "played",
  "failed",
  "expired",
  "cancelled",
  "unconfirmed",
]);

/** Whether the mesh has nothing more to do for the message: it left, or never will. Receipts may still follow. */
export function isFinal(status: Status): boolean {
  return finals.has(status);
}
