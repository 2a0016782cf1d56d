/** From a person's message to our record of it: pure. */
import { eventId, type InboundMessage, recipientToken } from "@wamesh/events";
import type { Inbound } from "@wamesh/providers";

/** The owner of the number at the moment of the callback. */
export type Owner = {
  tenant: string;
  /** Empty for what is said about an account as a whole. */
  session: string;
  account: string;
  provider: InboundMessage["provider"];
};

export function inboundOf(
  inbound: Inbound,
  owner: Owner,
  context: { receivedAt: number; tokenKey: string; answersMessageId: string | null },
): InboundMessage {
  const occurrence = inbound.occurrence === null ? [] : [inbound.occurrence];
  // The thread: a group's is the same whoever writes in it.
  const partner = inbound.group === null ? inbound.from : ({ kind: "group", value: inbound.group } as const);
  return {
    event_id: eventId("inbound", owner.session, inbound.providerId, inbound.messageKind, ...occurrence),
    ...owner,
    sender: inbound.from,
    sender_token: recipientToken(context.tokenKey, owner.tenant, inbound.from),
    sender_name: inbound.fromName,
    identities: inbound.identities,
    group: inbound.group,
    conversation_id: eventId("conversation", owner.tenant, owner.session, partner.kind, partner.value),
    provider_id: inbound.providerId,
    kind: inbound.messageKind,
    text: inbound.text,
    media: mediaOf(inbound.media),
    preference:
      inbound.preference === null
        ? null
        : { scope: inbound.preference.scope, opted_out: inbound.preference.optedOut },
    answers_message_id: context.answersMessageId,
    answers_provider_id: inbound.contextProviderId,
    payload: inbound.payload,
    occurred_at: inbound.occurredAt ?? context.receivedAt,
    recorded_at: context.receivedAt,
  };
}

function mediaOf(media: Inbound["media"]): InboundMessage["media"] {
  if (media === null) return null;
  return {
    provider_id: media.providerId,
    url: media.url,
    mime_type: media.mimeType,
    sha256: media.sha256,
    bytes: media.bytes,
    file_name: media.fileName,
    voice: media.voice,
  };
}
