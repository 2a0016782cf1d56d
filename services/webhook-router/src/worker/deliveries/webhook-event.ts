/** What a tenant's endpoint is told: types, bodies, and what makes two records one event. Pure. */
import { eventId, type InboundMessage, type MessageStatus, type SessionEvent } from "@wamesh/events";
import { messageType } from "./event-types.ts";
import { inboundFields, messageFields, payloadVersion, pick, sessionFields } from "./payload.ts";

export type WebhookEvent = {
  /** Types it goes by, the most general first: an endpoint gets it once, under the first of them that it asked for. */
  types: readonly string[];
  tenant: string;
  /** Empty: of an account as a whole. Null: of no session. */
  session: string | null;
  messageId: string | null;
  /** The same subject at the same endpoint is delivered once: message and type, or the event's id. */
  subject: string;
  timestampMs: number;
  /** `data` of the payload as JSON. */
  data: string;
};

/** Whether a status (its name, from a record's header) becomes an event. */
export function isTold(status: string): boolean {
  return messageType(status as MessageStatus["status"]) !== null;
}

/** May come again with another claim. */
const perClaim: ReadonlySet<string> = new Set(["in_doubt", "unconfirmed"]);

/** Null for statuses nobody subscribes to. The mesh's own `sent` and the provider's are the same event. */
export function ofStatus(status: MessageStatus): WebhookEvent | null {
  const type = messageType(status.status);
  if (type === null) return null;
  const again = perClaim.has(status.status) ? ` ${status.claim}` : "";
  return {
    types: [type],
    tenant: status.tenant,
    session: status.session,
    messageId: status.message_id,
    subject: `${status.message_id} ${type}${again}`,
    timestampMs: status.occurred_at,
    data: JSON.stringify(pick(status, messageFields)),
  };
}

export function ofInbound(inbound: InboundMessage): WebhookEvent {
  const known = inbound.kind === "UNKNOWN" ? "other" : inbound.kind;
  return {
    types: ["message.inbound", `message.inbound.${known}`],
    tenant: inbound.tenant,
    session: inbound.session,
    messageId: null,
    subject: inbound.event_id,
    timestampMs: inbound.occurred_at,
    data: JSON.stringify(pick(inbound, inboundFields)),
  };
}

/** Null for what a later release may say and this one does not know. */
export function ofSessionEvent(event: SessionEvent): WebhookEvent | null {
  const types = sessionTypes(event);
  if (types === null) return null;
  return {
    types,
    tenant: event.tenant,
    session: event.session,
    messageId: null,
    subject: event.event_id,
    timestampMs: event.occurred_at,
    data: JSON.stringify(pick(event, sessionFields)),
  };
}

function sessionTypes({ kind, status }: SessionEvent): string[] | null {
  if (kind === "UNKNOWN") return null;
  if (kind !== "status") return [`session.${kind}`];
  if (status === null) return null;
  return status === "UNKNOWN" ? ["session.status"] : ["session.status", `session.${status}`];
}

/** `version`: of the endpoint, which grows with each change of it. */
export function ofDisabled(endpoint: {
  id: string;
  tenant: string;
  reason: string;
  version: number;
  atMs: number;
}): WebhookEvent {
  const { id, tenant, reason, version, atMs } = endpoint;
  return {
    types: ["endpoint.disabled"],
    tenant,
    session: null,
    messageId: null,
    subject: `${id} endpoint.disabled ${version}`,
    timestampMs: atMs,
    data: JSON.stringify({ tenant, endpoint_id: id, reason, occurred_at: new Date(atMs).toISOString() }),
  };
}

/** Payload as it is signed: `{type, version, timestamp, data}`. */
export function bodyOf(
  type: string,
  { timestampMs, data }: Pick<WebhookEvent, "timestampMs" | "data">,
): string {
  const timestamp = new Date(timestampMs).toISOString();
  return `{"type":"${type}","version":${payloadVersion},"timestamp":"${timestamp}","data":${data}}`;
}

/** Stable over retries, re-reads, restarts and replays: the receiver deduplicates by it. */
export function webhookId(endpoint: string, subject: string): string {
  return `msg_${eventId("webhook", endpoint, subject)}`;
}
