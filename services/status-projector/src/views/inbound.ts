/** What people sent to the tenants' numbers. Personal data and content, kept for the tenant's retention. */
import type { InboundMessage } from "@wamesh/events";
import type { Row, View } from "../view.ts";

export const inbound: View = {
  table: "inbound",
  counts: { as: "inbound" },
  registers: { event: ["recorded_at", "occurred_at"] },
  columns: {
    tenant: ["id", "key"],
    event_id: ["id", "key"],
    session: ["id", "with event"],
    conversation_id: ["id", "with event"],
    sender_kind: ["text", "with event"],
    sender: ["text", "with event"],
    sender_token: ["text", "with event"],
    sender_name: ["text", "with event"],
    kind: ["text", "with event"],
    text: ["text", "with event"],
    provider_id: ["text", "with event"],
    answers_message_id: ["text", "with event"],
    occurred_at: ["time", "with event"],
    recorded_at: ["time", "with event"],
  },
};

export function rowOfInbound(record: InboundMessage): Row {
  return {
    tenant: record.tenant,
    event_id: record.event_id,
    session: record.session,
    conversation_id: record.conversation_id,
    sender_kind: record.sender.kind,
    sender: record.sender.value,
    sender_token: record.sender_token,
    sender_name: record.sender_name,
    kind: record.kind,
    text: record.text,
    provider_id: record.provider_id,
    answers_message_id: record.answers_message_id,
    occurred_at: record.occurred_at,
    recorded_at: record.recorded_at,
  };
}
