/** What a tenant's endpoint is told: event types, bodies, and what makes two records one event. Pure. */
import { eventId, type InboundMessage, type MessageStatus, rankOf, type SessionEvent } from "@wamesh/events";

export const eventTypes = [
  "message.sent",
  "message.delivered",
  "message.read",
  "message.failed",
  "message.expired",
  "message.cancelled",
  "message.unconfirmed",
  "message.inbound",
  "session.status",
] as const;
export type EventType = (typeof eventTypes)[number];

export type WebhookEvent = {
  type: EventType;
  tenant: string;
  session: string;
  messageId: string | null;
  /** The same subject at the same endpoint is delivered once: message and type, or the event's id. */
  subject: string;
  /** Payload as it is signed: `{type, timestamp, data}`. */
  body: string;
};

const told: Partial<Record<MessageStatus["status"], EventType>> = {
  sent: "message.sent",
  delivered: "message.delivered",
  read: "message.read",
  failed: "message.failed",
  expired: "message.expired",
  cancelled: "message.cancelled",
  unconfirmed: "message.unconfirmed",
};

/** Whether a status (its name, from a record's header) becomes an event. */
export function isTold(status: string): boolean {
  return Object.hasOwn(told, status);
}

/** Null for statuses nobody subscribes to. The mesh's own `sent` and the provider's are the same event. */
export function ofStatus(status: MessageStatus): WebhookEvent | null {
  const type = told[status.status];
  if (type === undefined) return null;
  return {
    type,
    tenant: status.tenant,
    session: status.session,
    messageId: status.message_id,
    subject: `${status.message_id} ${type}`,
    body: payload(type, status.occurred_at, {
      tenant: status.tenant,
      message_id: status.message_id,
      status: status.status,
      rank: rankOf(status.status, status.origin),
      claim: status.claim,
      session_id: status.session,
      lane: status.lane,
      campaign: status.campaign,
      external_ref: status.external_ref,
      source_event_id: status.source_event_id,
      provider_id: status.provider_id,
      reason:
        status.reason === null
          ? null
          : {
              code: status.reason.code,
              provider_code: status.reason.provider_code,
              detail: status.reason.detail,
            },
      occurred_at: new Date(status.occurred_at).toISOString(),
    }),
  };
}

export function ofInbound(inbound: InboundMessage): WebhookEvent {
  return {
    type: "message.inbound",
    tenant: inbound.tenant,
    session: inbound.session,
    messageId: null,
    subject: inbound.event_id,
    body: payload("message.inbound", inbound.occurred_at, {
      tenant: inbound.tenant,
      session_id: inbound.session,
      conversation_id: inbound.conversation_id,
      from: { kind: inbound.sender.kind, value: inbound.sender.value },
      from_name: inbound.sender_name,
      kind: inbound.kind,
      text: inbound.text,
      provider_id: inbound.provider_id,
      answers_message_id: inbound.answers_message_id,
      occurred_at: new Date(inbound.occurred_at).toISOString(),
    }),
  };
}

/** Null for session events that are no change of state. */
export function ofSessionEvent(event: SessionEvent): WebhookEvent | null {
  if (event.kind !== "status" || event.status === null) return null;
  return {
    type: "session.status",
    tenant: event.tenant,
    session: event.session,
    messageId: null,
    subject: event.event_id,
    body: payload("session.status", event.occurred_at, {
      tenant: event.tenant,
      session_id: event.session,
      status: event.status,
      evidence: event.evidence,
      detail: event.detail,
      occurred_at: new Date(event.occurred_at).toISOString(),
    }),
  };
}

function payload(type: EventType, timestampMs: number, data: Record<string, unknown>): string {
  return JSON.stringify({ type, timestamp: new Date(timestampMs).toISOString(), data });
}

/** Stable over retries, re-reads and restarts: the receiver deduplicates by it. */
export function webhookId(endpoint: string, subject: string): string {
  return `msg_${eventId("webhook", endpoint, subject)}`;
}

export type Subscriber = {
  id: string;
  tenant: string;
  events: readonly string[];
  sessions: readonly string[] | null;
};

/** Whether an endpoint gets this event. The tenant is checked here too, whatever query found the endpoint. */
export function subscribes(endpoint: Subscriber, event: WebhookEvent): boolean {
  return (
    endpoint.tenant === event.tenant &&
    endpoint.events.includes(event.type) &&
    (endpoint.sessions === null || endpoint.sessions.includes(event.session))
  );
}
