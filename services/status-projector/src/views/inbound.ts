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
    provider: ["text", "with event"],
    conversation_id: ["id", "with event"],
    sender_kind: ["text", "with event"],
    sender: ["text", "with event"],
    sender_token: ["text", "with event"],
    sender_name: ["text", "with event"],
    group_id: ["text", "with event"],
    kind: ["text", "with event"],
    text: ["text", "with event"],
    media_provider_id: ["text", "with event"],
    media_url: ["text", "with event"],
    media_mime_type: ["text", "with event"],
    media_sha256: ["text", "with event"],
    media_bytes: ["bigint", "with event"],
    media_file_name: ["text", "with event"],
    // Set exactly where there is a file.
    media_voice: ["boolean", "with event"],
    preference_scope: ["text", "with event"],
    preference_opted_out: ["boolean", "with event"],
    provider_id: ["text", "with event"],
    // A callback that is understood again may know by then which message it answers.
    answers_message_id: ["text", "greatest"],
    answers_provider_id: ["text", "with event"],
    occurred_at: ["time", "with event"],
    recorded_at: ["time", "with event"],
  },
};

export function rowOfInbound(record: InboundMessage): Row {
  const { media, preference } = record;
  return {
    tenant: record.tenant,
    event_id: record.event_id,
    session: record.session,
    provider: record.provider,
    conversation_id: record.conversation_id,
    sender_kind: record.sender.kind,
    sender: record.sender.value,
    sender_token: record.sender_token,
    sender_name: record.sender_name,
    group_id: record.group,
    kind: record.kind,
    text: record.text,
    media_provider_id: media?.provider_id ?? null,
    media_url: media?.url ?? null,
    media_mime_type: media?.mime_type ?? null,
    media_sha256: media?.sha256 ?? null,
    media_bytes: media?.bytes ?? null,
    media_file_name: media?.file_name ?? null,
    media_voice: media?.voice ?? null,
    preference_scope: preference?.scope ?? null,
    preference_opted_out: preference?.opted_out ?? null,
    provider_id: record.provider_id,
    answers_message_id: record.answers_message_id,
    answers_provider_id: record.answers_provider_id,
    occurred_at: record.occurred_at,
    recorded_at: record.recorded_at,
  };
}
