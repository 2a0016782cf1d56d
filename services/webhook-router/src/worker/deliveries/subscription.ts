/** Which endpoints get an event, and under which name. Pure. */
import { bodyOf, type WebhookEvent, webhookId } from "./webhook-event.ts";

export type Subscriber = {
  id: string;
  tenant: string;
  events: readonly string[];
  sessions: readonly string[] | null;
};

/**
 * The type under which an endpoint gets this event; null: it does not. The tenant is checked here too, whatever query found
 * the endpoint.
 */
export function typeFor(endpoint: Subscriber, event: WebhookEvent): string | null {
  if (endpoint.tenant !== event.tenant) return null;
  if (endpoint.sessions !== null && event.session !== null && !endpoint.sessions.includes(event.session))
    return null;
  return event.types.find((type) => endpoint.events.includes(type)) ?? null;
}

export type NewDelivery = {
  webhook_id: string;
  tenant: string;
  endpoint: string;
  event_type: string;
  subject: string;
  message_id: string | null;
  body: string;
  /** W3C traceparent that its call continues; null: of a trace that nobody keeps. */
  trace: string | null;
};

/** One per endpoint that asked for it. */
export function deliveriesOf(
  event: WebhookEvent,
  subscribers: readonly Subscriber[],
  trace: string | null = null,
): NewDelivery[] {
  return subscribers.flatMap((endpoint) => {
    const type = typeFor(endpoint, event);
    if (type === null) return [];
    return {
      webhook_id: webhookId(endpoint.id, event.subject),
      tenant: event.tenant,
      endpoint: endpoint.id,
      event_type: type,
      subject: event.subject,
      message_id: event.messageId,
      body: bodyOf(type, event),
      trace,
    };
  });
}
