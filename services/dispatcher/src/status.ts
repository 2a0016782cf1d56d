/** From a change in the schedule to the records it means: pure. One change is a status, and a dead letter when it was the end. */
import {
  type DeadLetter,
  eventId,
  type MessageStatus,
  type OutboundMessage,
  type Reason,
  rankOf,
} from "@wamesh/events";
import type { Change, Item } from "@wamesh/pacer";

/** `null` means the field does not apply. Times in epoch ms. `contentToken` is carried where a receipt may have to be matched. */
export function statusOf(
  item: Item,
  record: OutboundMessage,
  change: Change,
  contentToken: string | null,
): MessageStatus {
  // Queued again, it waits for its next claim, and so follows whatever was said of the last one, a doubt too.
  const queued = change.status === "queued" && change.reason === null ? 0 : item.n + 1;
  const claim = change.status === "queued" ? queued : item.n;
  return {
    // A claim is followed by one queueing at most, so each has a number of its own; the first one has none.
    event_id: eventId("status", record.message_id, change.status, claim),
    tenant: record.tenant,
    message_id: record.message_id,
    status: change.status,
    origin: "mesh",
    rank: rankOf(change.status, "mesh"),
    claim,
    attempts: item.attempts,
    session: record.session,
    account: record.account,
    provider: record.provider,
    lane: record.lane,
    campaign: record.campaign,
    rule: record.rule,
    source_event_id: record.source_event_id,
    source_event_source: record.source_event_source,
    template: record.content.template?.name ?? null,
    category: record.category,
    external_ref: record.external_ref,
    recipient_token: record.recipient_token,
    provider_id: change.status === "sent" ? change.providerId : null,
    provider_key: null,
    content_token: change.status === "sent" || change.status === "in_doubt" ? contentToken : null,
    participant: null,
    reason: "reason" in change && change.reason !== null ? reasonOf(change.reason) : null,
    pricing: null,
    next_at: change.status === "queued" ? change.nextAt : null,
    queued_at: item.admittedAt,
    claimed_at: "claimedAt" in change ? change.claimedAt : null,
    sent_at: change.status === "sent" ? change.sentAt : null,
    occurred_at: change.at,
    recorded_at: change.at,
  };
}

/** The dead letter of a message given up, with its outbound record as JSON; null for changes that are no such end. */
export function deadLetterOf(item: Item, record: OutboundMessage, change: Change): DeadLetter | null {
  if (!("dead" in change) || !change.dead) return null;
  return {
    dead_id: eventId("dead", record.message_id, change.status, item.n),
    tenant: record.tenant,
    service: "dispatcher",
    origin_topic: item.topic,
    origin_partition: item.shard,
    origin_offset: Number(item.offset),
    origin_key: Buffer.from(record.tenant),
    origin_value: Buffer.from(JSON.stringify(record)),
    origin_headers: { "content-type": Buffer.from("application/json") },
    reason: reasonOf(change.reason),
    message_id: record.message_id,
    attempts: item.attempts,
    occurred_at: change.at,
  };
}

function reasonOf(reason: {
  code: string;
  faultClass: string;
  providerCode: string | null;
  detail: string;
}): Reason {
  return {
    code: reason.code,
    fault_class: reason.faultClass as Reason["fault_class"],
    provider_code: reason.providerCode,
    detail: reason.detail,
  };
}
