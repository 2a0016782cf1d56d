/**
 * What of a record a webhook carries, field by field. One table makes the payloads (here) and their JSON schemas
 * (catalogue/generate.ts), so that neither says what the other does not. Fields are only ever added within a version. Pure.
 */
import type { InboundMessage, MessageStatus, SessionEvent } from "@wamesh/events";

/** Of every payload; a new one when a field goes or changes its meaning. */
export const payloadVersion = 1;

export type Field<Record_ = Record<string, unknown>> = {
  name: string;
  /** Field of the record; default `name`. */
  from?: keyof Record_ & string;
  /** Of a record or a list of records inside: only these. */
  only?: readonly string[];
};

/** Without recipient token and number: a tenant finds its message by id or by its own reference. */
export const messageFields: readonly Field<MessageStatus>[] = [
  { name: "tenant" },
  { name: "message_id" },
  { name: "status" },
  { name: "rank" },
  { name: "claim" },
  { name: "session_id", from: "session" },
  { name: "lane" },
  { name: "campaign" },
  { name: "rule" },
  { name: "template" },
  { name: "category" },
  { name: "external_ref" },
  { name: "source_event_id" },
  { name: "source_event_source" },
  { name: "provider_id" },
  { name: "reason", only: ["code", "provider_code", "detail"] },
  { name: "pricing" },
  { name: "occurred_at" },
];

export const inboundFields: readonly Field<InboundMessage>[] = [
  { name: "tenant" },
  { name: "session_id", from: "session" },
  { name: "conversation_id" },
  { name: "from", from: "sender" },
  { name: "from_name", from: "sender_name" },
  { name: "identities" },
  { name: "group" },
  { name: "kind" },
  { name: "text" },
  { name: "media" },
  { name: "preference" },
  { name: "provider_id" },
  { name: "answers_message_id" },
  { name: "answers_provider_id" },
  { name: "occurred_at" },
];

export const sessionFields: readonly Field<SessionEvent>[] = [
  { name: "tenant" },
  { name: "session_id", from: "session" },
  { name: "account_id", from: "account" },
  { name: "kind" },
  { name: "status" },
  { name: "value" },
  { name: "template" },
  { name: "evidence" },
  { name: "reason", only: ["code", "provider_code", "detail"] },
  { name: "detail" },
  { name: "occurred_at" },
];

/** Times become ISO 8601; everything else stays as the record has it. */
export function pick<Record_ extends object>(
  record: Record_,
  fields: readonly Field<Record_>[],
): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const { name, from, only } of fields) {
    const value = (record as Record<string, unknown>)[from ?? name];
    if (name === "occurred_at") picked[name] = new Date(value as number).toISOString();
    else if (only !== undefined && value !== null)
      picked[name] = Object.fromEntries(
        only.map((inner) => [inner, (value as Record<string, unknown>)[inner]]),
      );
    else picked[name] = value;
  }
  return picked;
}
