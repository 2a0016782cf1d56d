/**
 * Who wants no messages, in the memory of every process: wa.contact.consent read whole. Only who has opted out takes
 * room, about 80 bytes per person and scope (measured): 8 MB for 100,000.
 */
import {
  type Codec,
  type ContactConsent,
  personOf,
  personTokens,
  type Recipient,
  topics,
} from "@wamesh/events";
import type { Kafka } from "@wamesh/kafka";

/** marketing: no advertising; all: nothing at all. */
export type OptedOut = "marketing" | "all";

export type Consents = {
  /** Null: nothing was said against it. */
  optedOut(tenant: string, recipient: Recipient): OptedOut | null;
};

/** Versions by token, per tenant and scope. */
export type ConsentState = Map<string, Record<OptedOut, Map<string, number>>>;

/**
 * Once more, in the order of the log, is harmless: the last one of a person is always the newest. A return is forgotten,
 * so an older record that is published again after it holds for the moment until the newer one follows.
 */
export function foldConsent(state: ConsentState, record: ContactConsent): void {
  const { tenant, scope, recipient_token: token, version } = record;
  if (scope === "UNKNOWN") return;
  let ofTenant = state.get(tenant);
  if (ofTenant === undefined) {
    if (!record.opted_out) return;
    ofTenant = { marketing: new Map(), all: new Map() };
    state.set(tenant, ofTenant);
  }
  const versions = ofTenant[scope];
  if ((versions.get(token) ?? 0) > version) return;
  if (record.opted_out) versions.set(token, version);
  else versions.delete(token);
}

/** Tenants of whom nobody has opted out cost one look-up, the others a hash for each key of the ring. */
export function findOptedOut(
  state: ConsentState,
  tokenKeys: readonly string[],
  tenant: string,
  recipient: Recipient,
): OptedOut | null {
  const ofTenant = state.get(tenant);
  if (ofTenant === undefined || ofTenant.marketing.size + ofTenant.all.size === 0) return null;
  const person = personOf(recipient);
  if (person === null) return null;
  const tokens = personTokens(tokenKeys, tenant, person);
  if (tokens.some((token) => ofTenant.all.has(token))) return "all";
  return tokens.some((token) => ofTenant.marketing.has(token)) ? "marketing" : null;
}

/** Whether a message of this category may not be sent to them. */
export function isUnwanted(optedOut: OptedOut | null, category: string | null): boolean {
  return optedOut === "all" || (optedOut === "marketing" && category === "marketing");
}

/** `tokenKeys`: newest first. */
export async function openConsents(deps: { kafka: Kafka; codec: Codec; tokenKeys: readonly string[] }) {
  const state: ConsentState = new Map();
  const table = await deps.kafka.table({
    topic: topics.contactConsent,
    codec: deps.codec,
    apply: (_key, record) => foldConsent(state, record),
  });
  return {
    optedOut: (tenant: string, recipient: Recipient) =>
      findOptedOut(state, deps.tokenKeys, tenant, recipient),
    ready: table.ready,
    freshMs: () => table.freshMs(),
    stop: () => table.stop(),
  };
}
