/** From a person's message to our record of it: pure. */
import { eventId, type InboundMessage, recipientToken } from "@wamesh/events";
import type { ParsedCallback } from "@wamesh/providers";

export type Inbound = Extract<ParsedCallback, { kind: "inbound" }>;

/** The owner of the number at the moment of the callback. */
export type Owner = {
  tenant: string;
  session: string;
  account: string;
  provider: InboundMessage["provider"];
};

export function inboundOf(
  inbound: Inbound,
  owner: Owner,
  context: { receivedAt: number; tokenKey: string; answersMessageId: string | null },
): InboundMessage {
  return {
    event_id: eventId("inbound", owner.session, inbound.providerId, inbound.messageKind),
    ...owner,
    sender: inbound.from,
    sender_token: recipientToken(context.tokenKey, owner.tenant, inbound.from),
    sender_name: inbound.fromName,
    identities: [],
    group: null,
    conversation_id: eventId(
      "conversation",
      owner.tenant,
      owner.session,
      inbound.from.kind,
      inbound.from.value,
    ),
    provider_id: inbound.providerId,
    kind: inbound.messageKind,
    text: inbound.text,
    media: null,
    preference: null,
    answers_message_id: context.answersMessageId,
    answers_provider_id: inbound.contextProviderId,
    payload: inbound.payload,
    occurred_at: inbound.occurredAt ?? context.receivedAt,
    recorded_at: context.receivedAt,
  };
}
