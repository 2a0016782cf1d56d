/** What a look-up found, as a record of wa.message.status: pure. */
import {
  type Codec,
  eventHeaders,
  eventId,
  type MessageStatus,
  type Reason,
  rankOf,
  topics,
} from "@wamesh/events";
import type { OutgoingRecord } from "@wamesh/kafka";
import { reasonFaults, wasenderErrors } from "@wamesh/providers";

/** The same event, under the same id, as the webhook-router makes of an own-message event. `at` in epoch ms. */
export function keyStatus(told: MessageStatus, key: string, at: number): MessageStatus {
  return {
    ...said(told, "reference", at),
    event_id: eventId("reference", told.message_id, key),
    provider_key: key,
  };
}

/** As a failed receipt would say it, and under its id where the key is known. */
export function failedStatus(told: MessageStatus, key: string | null, at: number): MessageStatus {
  return {
    ...said(told, "failed", at),
    event_id: eventId("receipt", told.message_id, key ?? told.provider_id, "failed", null),
    provider_key: key,
    reason: failure(""),
  };
}

/** Why WhatsApp did not take a message, in the provider's words where it has any. */
export function failure(detail: string): Reason {
  const row = wasenderErrors.find("status_0")!;
  const fault = reasonFaults[row.reason];
  return {
    code: row.reason,
    fault_class: fault === "unknown" ? "UNKNOWN" : fault,
    provider_code: row.code,
    detail: detail === "" ? row.meaning : `${row.meaning}: ${detail}`,
  };
}

function said(told: MessageStatus, status: "reference" | "failed", at: number): MessageStatus {
  return {
    ...told,
    status,
    origin: "provider",
    rank: rankOf(status, "provider"),
    content_token: null,
    reason: null,
    next_at: null,
    occurred_at: at,
    recorded_at: at,
  };
}

/** Beside the message's other statuses. */
export function statusRecord(status: MessageStatus, shard: number, codec: Codec): OutgoingRecord {
  return {
    topic: topics.messageStatus.name,
    partition: shard,
    key: status.tenant,
    value: codec.encode(topics.messageStatus, status),
    headers: eventHeaders({
      id: status.event_id,
      type: `wamesh.message.${status.status}`,
      source: "/wamesh/dispatcher",
      timeMs: status.occurred_at,
      subject: status.message_id,
      tenant: status.tenant,
      status: status.status,
    }),
  };
}
