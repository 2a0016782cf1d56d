/** Lists of messages, for one tenant, each read from the index of its question (migrations/0005 and 0010). */
import type { Tx } from "@wamesh/store";
import { phaseOf } from "../views/message.ts";
import type { MessageRow } from "./messages.ts";

export const messageStatuses = [
  "accepted",
  "queued",
  "claimed",
  "in_doubt",
  "unconfirmed",
  "sent",
  "delivered",
  "read",
  "played",
  "failed",
  "expired",
  "cancelled",
] as const;
export type MessageState = (typeof messageStatuses)[number];

const lanes = ["otp", "standard", "bulk", "UNKNOWN"];

export type MessageFilter = {
  statuses?: readonly MessageState[] | undefined;
  lane?: string | undefined;
  session?: string | undefined;
  campaign?: string | undefined;
  rule?: string | undefined;
  recipient?: string | undefined;
  externalRef?: string | undefined;
  /** Code of the reason why it stands where it does. */
  error?: string | undefined;
  /** Epoch ms: first heard of then or later, and before. */
  since?: number | undefined;
  until?: number | undefined;
};

/** Sort key of the last message of the page before. */
export type AfterMessage = { firstAt: string; id: string } | null;

/** Newest first. */
export async function listMessages(
  tx: Tx,
  tenant: string,
  filter: MessageFilter,
  after: AfterMessage,
  limit: number,
): Promise<MessageRow[]> {
  const { statuses, lane, session, campaign, rule, recipient, externalRef, error, since, until } = filter;
  const like = tx`tenant = ${tenant}
      ${lane === undefined ? tx`` : tx`and lane = ${lane}`}
      ${session === undefined ? tx`` : tx`and session = ${session}`}
      ${campaign === undefined ? tx`` : tx`and campaign = ${campaign}`}
      ${rule === undefined ? tx`` : tx`and rule = ${rule}`}
      ${recipient === undefined ? tx`` : tx`and recipient = ${recipient}`}
      ${externalRef === undefined ? tx`` : tx`and external_ref = ${externalRef}`}
      ${error === undefined ? tx`` : tx`and reason_code = ${error}`}
      ${since === undefined ? tx`` : tx`and first_at >= ${new Date(since)}`}
      ${until === undefined ? tx`` : tx`and first_at < ${new Date(until)}`}
      ${after === null ? tx`` : tx`and (first_at, message_id) < (${after.firstAt}::timestamptz, ${after.id}::uuid)`}`;
  const newest = tx`order by first_at desc, message_id desc limit ${limit}`;
  const isStatus = statuses === undefined ? tx`status is not null` : tx`status = any(${statuses})`;
  const isNarrow = [recipient, externalRef, error].some((one) => one !== undefined);
  const isWide = [...(statuses ?? []), lane, session, campaign, rule].every((one) => one === undefined);
  if (isNarrow || isWide)
    return await tx<MessageRow[]>`select * from message where ${like} and ${isStatus} ${newest}`;
  // Of each phase (and lane) the newest, in the order of the index; of these the newest.
  const phases = [...new Set((statuses ?? messageStatuses).map(phaseOf))];
  const byLane = [session, campaign, rule].every((one) => one === undefined);
  return await tx<MessageRow[]>`
    select m.* from unnest(${phases}::text[]) as p(phase)
    ${byLane ? tx`cross join unnest(${lane === undefined ? lanes : [lane]}::text[]) as l(lane)` : tx``}
    cross join lateral (
      select * from message
      where ${like} and phase = p.phase collate "C" and ${isStatus}
        ${byLane ? tx`and lane = l.lane collate "C"` : tx``}
      ${newest}
    ) m
    ${newest}`;
}
