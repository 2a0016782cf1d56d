/** The history of a message, append-only: every status that was ever said, once per event id. */
import { eventId, type MessageStatus, type OutboundMessage } from "@wamesh/events";
import type { Row, View } from "../view.ts";

export const messageEvent: View = {
  table: "message_event",
  // The same event told twice (a provider repeats a receipt) may carry other times: the last recorded stays.
  registers: { event: ["recorded_at", "occurred_at"] },
  columns: {
    tenant: ["id", "key"],
    event_id: ["id", "key"],
    message_id: ["uuid", "with event"],
    status: ["text", "with event"],
    origin: ["text", "with event"],
    claim: ["integer", "with event"],
    reason_code: ["text", "with event"],
    fault_class: ["text", "with event"],
    provider_code: ["text", "with event"],
    reason_detail: ["text", "with event"],
    provider_id: ["text", "with event"],
    participant: ["text", "with event"],
    next_at: ["time", "with event"],
    occurred_at: ["time", "with event"],
    recorded_at: ["time", "with event"],
  },
};

/** Nobody publishes a status for the acceptance: its record is the outbound message itself. */
export function acceptedEventId(record: OutboundMessage): string {
  return eventId(record.message_id, "accepted", 0);
}

export function eventOfOutbound(record: OutboundMessage): Row {
  return {
    tenant: record.tenant,
    event_id: acceptedEventId(record),
    message_id: record.message_id,
    status: "accepted",
    origin: "mesh",
    claim: 0,
    occurred_at: record.accepted_at,
    recorded_at: record.accepted_at,
  };
}

export function eventOfStatus(record: MessageStatus): Row {
  return {
    tenant: record.tenant,
    event_id: record.event_id,
    message_id: record.message_id,
    status: record.status,
    origin: record.origin,
    claim: record.claim,
    reason_code: record.reason?.code ?? null,
    fault_class: record.reason?.fault_class ?? null,
    provider_code: record.reason?.provider_code ?? null,
    reason_detail: record.reason?.detail ?? null,
    provider_id: record.provider_id,
    participant: record.participant,
    next_at: record.next_at,
    occurred_at: record.occurred_at,
    recorded_at: record.recorded_at,
  };
}
