/** What the router remembers of a message that left, and where a receipt may find it. Pure. */
import { headerNames, type MessageStatus } from "@wamesh/events";
import type { Skip } from "@wamesh/kafka";

export type Reference = {
  message_id: string;
  tenant: string;
  session: string;
  account: string;
  provider: MessageStatus["provider"];
  lane: MessageStatus["lane"];
  campaign: string | null;
  rule: string | null;
  source_event_id: string | null;
  source_event_source: string | null;
  template: string | null;
  category: string | null;
  external_ref: string | null;
  recipient_token: string;
  content_token: string | null;
  claim: number;
  attempts: number;
  provider_id: string | null;
  provider_key: string | null;
  queued_at: number | null;
  claimed_at: number | null;
  sent_at: number | null;
  /** W3C traceparent that its receipts continue; null: of a trace that nobody keeps. */
  trace: string | null;
};

const left: ReadonlySet<string> = new Set(["sent", "in_doubt", "unconfirmed"]);

/**
 * Statuses that need not be decoded: those that say nothing about a message on its way to the provider, and keys that were
 * matched here and not looked up by the dispatcher.
 */
export const isNoReference: Skip = (header) => {
  const status = header(headerNames.status) ?? "";
  return status === "reference" ? header(headerNames.source) !== "/wamesh/dispatcher" : !left.has(status);
};

/** Null for statuses that say nothing about a message on its way to the provider (queued, expired before leaving …). */
export function referenceOf(status: MessageStatus, trace: string | null = null): Reference | null {
  if (status.origin !== "mesh" || status.claim < 1 || !left.has(status.status)) return null;
  return factsOf(status, trace);
}

/** A message whose WhatsApp key the dispatcher asked the provider for; null for everything else. */
export function lookedUpOf(
  status: MessageStatus,
  trace: string | null = null,
): (Reference & { provider_key: string }) | null {
  const { provider_key } = status;
  if (status.origin !== "provider" || status.status !== "reference" || provider_key === null) return null;
  return { ...factsOf(status, trace), provider_key };
}

function factsOf(status: MessageStatus, trace: string | null): Reference {
  const { message_id, tenant, session, account, provider, lane, campaign, rule } = status;
  const { source_event_id, source_event_source, template, category, external_ref } = status;
  const { recipient_token, content_token, claim, attempts, provider_id, provider_key } = status;
  const { queued_at, claimed_at, sent_at } = status;
  return {
    ...{ message_id, tenant, session, account, provider, lane, campaign, rule },
    ...{ source_event_id, source_event_source, template, category, external_ref },
    ...{ recipient_token, content_token, claim, attempts, provider_id, provider_key },
    ...{ queued_at, claimed_at, sent_at, trace },
  };
}

/**
 * Two records of the same message as one: the newer claim's facts, completed by the older's. In any order the same, since
 * of one claim only `sent` has ids and the time of sending. The upsert in store.ts says the same in SQL.
 */
export function merged(a: Reference, b: Reference): Reference {
  const [newer, older] = b.claim > a.claim ? [b, a] : [a, b];
  return {
    ...newer,
    attempts: Math.max(a.attempts, b.attempts),
    content_token: newer.content_token ?? older.content_token,
    provider_id: newer.provider_id ?? older.provider_id,
    provider_key: newer.provider_key ?? older.provider_key,
    queued_at: newer.queued_at ?? older.queued_at,
    claimed_at: newer.claimed_at ?? older.claimed_at,
    sent_at: newer.sent_at ?? older.sent_at,
    trace: newer.trace ?? older.trace,
  };
}

/** Keys under which things wait until what they need is known; see the table `parked`. */
export const lookups = {
  message: (messageId: string) => `message:${messageId}`,
  providerId: (session: string, id: string) => `id:${session}:${id}`,
  providerKey: (session: string, key: string) => `key:${session}:${key}`,
  ownMessage: (session: string, recipientToken: string) => `own:${session}:${recipientToken}`,
  owner: (provider: string, ref: string) => `owner:${provider}:${ref}`,
};

/** Everything that may be waiting for this reference. */
export function lookupsOf(reference: Reference): string[] {
  const { message_id, session, provider_id, provider_key, recipient_token, provider } = reference;
  return [
    lookups.message(message_id),
    ...(provider_id === null ? [] : [lookups.providerId(session, provider_id)]),
    ...(provider_key === null ? [] : [lookups.providerKey(session, provider_key)]),
    ...(provider === "wasender" && provider_key === null
      ? [lookups.ownMessage(session, recipient_token)]
      : []),
  ];
}
