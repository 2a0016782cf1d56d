/** One row per message: where it stands, who it is for, and when it passed which point. */
import {
  type MessageStatus,
  type OutboundMessage,
  rankOf,
  type Status,
  type StatusOrigin,
} from "@wamesh/events";
import { activity } from "../tallies/activity.ts";
import { campaignCurve } from "../tallies/campaign-curve.ts";
import { campaignStatus } from "../tallies/campaign-status.ts";
import { ledger } from "../tallies/ledger.ts";
import type { Row, View } from "../view.ts";

export const message: View = {
  table: "message",
  counts: { column: "status" },
  tallies: [campaignStatus, campaignCurve, activity, ledger],
  // The state is the record with the greatest order; a tie (two receipts of a group) falls to the later, then to the event id.
  // A retried message has one provider id per claim; the newest is shown, the history has them all.
  registers: {
    state: ["state_order", "state_at", "state_event"],
    provider: ["provider_claim", "provider_id"],
  },
  columns: {
    tenant: ["id", "key"],
    message_id: ["uuid", "key"],
    first_at: ["time", "least"],
    status: ["text", "with state"],
    phase: ["text", "with state"],
    origin: ["text", "with state"],
    claim: ["integer", "with state"],
    reason_code: ["text", "with state"],
    fault_class: ["text", "with state"],
    provider_code: ["text", "with state"],
    reason_detail: ["text", "with state"],
    state_order: ["bigint", "with state"],
    state_at: ["time", "with state"],
    state_event: ["id", "with state"],
    provider_id: ["text", "with provider"],
    provider_claim: ["integer", "with provider"],
    provider_key: ["text", "greatest"],
    attempts: ["integer", "greatest"],
    lane: ["text", "greatest"],
    session: ["id", "greatest"],
    account: ["text", "greatest"],
    provider: ["text", "greatest"],
    recipient_kind: ["text", "greatest"],
    recipient: ["text", "greatest"],
    recipient_token: ["text", "greatest"],
    campaign: ["text", "greatest"],
    rule: ["text", "greatest"],
    source_event_id: ["text", "greatest"],
    source_event_source: ["text", "greatest"],
    template: ["text", "greatest"],
    category: ["text", "greatest"],
    billable: ["boolean", "greatest"],
    priced_as: ["text", "greatest"],
    external_ref: ["id", "greatest"],
    retry_of: ["text", "greatest"],
    send_at: ["time", "least"],
    not_after: ["time", "greatest"],
    accepted_at: ["time", "least"],
    queued_at: ["time", "least"],
    claimed_at: ["time", "greatest"],
    sent_at: ["time", "least"],
    delivered_at: ["time", "least"],
    read_at: ["time", "least"],
    failed_at: ["time", "least"],
    expired_at: ["time", "least"],
    cancelled_at: ["time", "least"],
  },
};

/** Position of the first rank at which the claim no longer decides, far above every claim × 1,000. */
const fromSentOn = 1e15;

/**
 * The merge rule of events' `supersedes` as one number that SQL can compare: before `sent` the claim decides, then the rank;
 * from `sent` on the rank, then the claim. Null for what changes no state.
 */
export function stateOrder(status: Status, origin: StatusOrigin, claim: number): number | null {
  const rank = rankOf(status, origin);
  if (rank < 0) return null;
  return rank >= rankOf("sent", "mesh") ? fromSentOn + rank * 1e10 + claim : claim * 1_000 + rank;
}

/**
 * What the indexes of messages know of a status: it changes once in an ordinary life, so the other updates of a row touch no
 * index. The ways in which few messages end, or stand for long, have their own, so that few can be found among many.
 */
export function phaseOf(status: Status): string {
  switch (status) {
    case "accepted":
    case "queued":
    case "claimed":
      return "waiting";
    case "sent":
    case "delivered":
    case "read":
      return "left";
    default:
      return status;
  }
}

/** What its being accepted says of a message. */
export function messageOfOutbound(record: OutboundMessage, acceptedEvent: string): Row {
  return {
    tenant: record.tenant,
    message_id: record.message_id,
    first_at: record.accepted_at,
    ...state("accepted", "mesh", 0, record.accepted_at, acceptedEvent),
    lane: record.lane,
    session: record.session,
    account: record.account,
    provider: record.provider,
    recipient_kind: record.recipient.kind,
    recipient: record.recipient.value,
    recipient_token: record.recipient_token,
    campaign: record.campaign,
    rule: record.rule,
    source_event_id: record.source_event_id,
    source_event_source: record.source_event_source,
    template: record.content.template?.name ?? null,
    category: record.category,
    external_ref: record.external_ref,
    retry_of: record.retry_of,
    send_at: record.send_at,
    not_after: record.not_after,
    accepted_at: record.accepted_at,
  };
}

/** What one status says of its message; the message itself may not have been read yet. */
export function messageOfStatus(record: MessageStatus): Row {
  const { status, origin, claim, occurred_at: at } = record;
  return {
    tenant: record.tenant,
    message_id: record.message_id,
    first_at: Math.min(at, record.queued_at ?? at),
    ...state(status, origin, claim, at, record.event_id),
    ...(stateOrder(status, origin, claim) !== null && record.reason !== null
      ? {
          reason_code: record.reason.code,
          fault_class: record.reason.fault_class,
          provider_code: record.reason.provider_code,
          reason_detail: record.reason.detail,
        }
      : {}),
    ...(record.provider_id === null ? {} : { provider_id: record.provider_id, provider_claim: claim }),
    provider_key: record.provider_key,
    attempts: record.attempts,
    lane: record.lane,
    session: record.session,
    account: record.account,
    provider: record.provider,
    recipient_token: record.recipient_token,
    campaign: record.campaign,
    rule: record.rule,
    source_event_id: record.source_event_id,
    source_event_source: record.source_event_source,
    template: record.template,
    category: record.category,
    billable: record.pricing?.billable ?? null,
    priced_as: record.pricing?.category ?? null,
    external_ref: record.external_ref,
    queued_at: record.queued_at,
    claimed_at: record.claimed_at,
    sent_at: record.sent_at,
    ...passed(status, at, record.sent_at),
  };
}

function state(status: Status, origin: StatusOrigin, claim: number, at: number, event: string): Row {
  const order = stateOrder(status, origin, claim);
  if (order === null) return {};
  const phase = phaseOf(status);
  return { status, phase, origin, claim, state_order: order, state_at: at, state_event: event };
}

/**
 * The points a status shows to be passed. Read implies delivered, delivered implies sent: the earliest time by which we know
 * is kept, so a receipt that comes late only makes it more exact.
 */
function passed(status: Status, at: number, sentAt: number | null): Row {
  const sent = { sent_at: Math.min(sentAt ?? at, at) };
  switch (status) {
    case "queued":
      return { queued_at: at };
    case "claimed":
      return { claimed_at: at };
    case "sent":
      return sent;
    case "delivered":
      return { ...sent, delivered_at: at };
    case "read":
    case "played":
      return { ...sent, delivered_at: at, read_at: at };
    case "failed":
      return { failed_at: at };
    case "expired":
      return { expired_at: at };
    case "cancelled":
      return { cancelled_at: at };
    default:
      return {};
  }
}
