/** From a receipt and the message it is about to a whole status: pure. */
import { eventId, type MessageStatus, rankOf } from "@wamesh/events";
import type { ParsedCallback } from "@wamesh/providers";
import { lookups, type Reference } from "./reference.ts";

/** As parsed, but without the number: it may be parked. A group's participant is a token. */
export type Receipt = Omit<Extract<ParsedCallback, { kind: "receipt" }>, "recipientDigits">;

/** Where its message may be found: by our own echo, else by what the provider calls it. Null: nowhere. */
export function lookupOf(session: string, receipt: Receipt): string | null {
  if (receipt.echo !== null) return lookups.message(receipt.echo.messageId);
  if (receipt.providerId !== null) return lookups.providerId(session, receipt.providerId);
  if (receipt.providerKey !== null) return lookups.providerKey(session, receipt.providerKey);
  return null;
}

/**
 * `receivedAt` (epoch ms, from the callback record) stands for the time where the provider gives none, and is when wamesh
 * recorded it: so the same callback read twice makes the same record.
 */
export function statusOf(receipt: Receipt, reference: Reference, receivedAt: number): MessageStatus {
  const { tenant, session, account, provider, lane, campaign, rule } = reference;
  const { source_event_id, source_event_source, template, category, external_ref } = reference;
  const { recipient_token, attempts, queued_at, claimed_at, sent_at } = reference;
  return {
    // From what the receipt itself says, never from the reference, which may know more the next time.
    event_id: eventId(
      "receipt",
      reference.message_id,
      receipt.providerId ?? receipt.providerKey,
      receipt.status,
      receipt.participant,
    ),
    tenant,
    message_id: reference.message_id,
    status: receipt.status,
    origin: "provider",
    rank: rankOf(receipt.status, "provider"),
    // An echo names the claim it belongs to, which may be an older one than the reference's.
    claim: receipt.echo?.claim ?? reference.claim,
    ...{ attempts, session, account, provider, lane, campaign, rule },
    ...{ source_event_id, source_event_source, template, category, external_ref, recipient_token },
    provider_id: receipt.providerId ?? reference.provider_id,
    provider_key: receipt.providerKey ?? reference.provider_key,
    content_token: null,
    participant: receipt.participant,
    reason:
      receipt.error === null
        ? null
        : {
            code: receipt.error.code,
            fault_class: receipt.error.faultClass === "unknown" ? "UNKNOWN" : receipt.error.faultClass,
            provider_code: receipt.error.providerCode,
            detail: receipt.error.detail,
          },
    pricing: receipt.pricing,
    next_at: null,
    ...{ queued_at, claimed_at, sent_at },
    occurred_at: receipt.occurredAt ?? receivedAt,
    recorded_at: receivedAt,
  };
}

/** The record that tells everyone a message's WhatsApp key once it is known; changes no state. */
export function keyStatus(reference: Reference, providerKey: string, receivedAt: number): MessageStatus {
  const receipt: Receipt = {
    kind: "receipt",
    providerId: reference.provider_id,
    providerKey,
    status: "sent",
    echo: null,
    occurredAt: receivedAt,
    participant: null,
    pricing: null,
    error: null,
  };
  return {
    ...statusOf(receipt, reference, receivedAt),
    event_id: eventId("reference", reference.message_id, providerKey),
    status: "reference",
    rank: rankOf("reference", "provider"),
  };
}
