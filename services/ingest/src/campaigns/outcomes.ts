/** What a batch of statuses says of how campaigns' messages ended. Pure. */
import { type MessageStatus, rankOf } from "@wamesh/events";
import { type Campaign, type Moved, type Outcome, type OutcomeName, outcomeNames } from "./campaign-store.ts";

const names: ReadonlySet<string> = new Set(outcomeNames);
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Statuses of which nothing is to be learnt here: of a broadcast's receipts most. A receipt's `delivered` follows the
 * dispatcher's own `sent`, which is enough.
 */
export function isNoOutcome(status: string | undefined): boolean {
  return status !== undefined && !names.has(status);
}

/** Each message once, with the highest rank that the batch tells of it. */
export function outcomesIn(
  statuses: readonly Pick<
    MessageStatus,
    "tenant" | "campaign" | "message_id" | "status" | "origin" | "claim"
  >[],
): Outcome[] {
  const found = new Map<string, Outcome>();
  for (const { tenant, campaign, message_id: message, status, origin } of statuses) {
    // Ids of ours are UUIDs; whatever else a record may name, the database could not hold.
    if (campaign === null || !names.has(status) || !uuid.test(message)) continue;
    const rank = rankOf(status, origin);
    const known = found.get(message);
    if (known === undefined || known.rank < rank)
      found.set(message, { tenant, campaign, message, status: status as OutcomeName, rank });
  }
  return [...found.values()];
}

export function withOutcomes(row: Campaign, moves: readonly Moved[]): Campaign {
  const after = { ...row };
  for (const { status, before, count } of moves) {
    after[status] += count;
    if (before !== null && names.has(before)) after[before as OutcomeName] -= count;
  }
  return after;
}
