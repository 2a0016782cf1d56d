/** Which topic says what to which views. Pure. */
import { type Topic, topics } from "@wamesh/events";
import type { Entry, View } from "./view.ts";
import { auditEntry, rowOfAudit } from "./views/audit-entry.ts";
import { campaign, rowOfCampaign } from "./views/campaign.ts";
import { contactConsent, rowOfConsent } from "./views/contact-consent.ts";
import { deadLetter, rowOfDeadLetter } from "./views/dead-letter.ts";
import { domainEvent, rowOfDomainEvent } from "./views/domain-event.ts";
import { eventOutcome, rowOfOutcome } from "./views/event-outcome.ts";
import { inbound, rowOfInbound } from "./views/inbound.ts";
import { inboundIdentity, rowsOfIdentities } from "./views/inbound-identity.ts";
import { message, messageOfOutbound, messageOfStatus } from "./views/message.ts";
import { acceptedEventId, eventOfOutbound, eventOfStatus, messageEvent } from "./views/message-event.ts";
import { rowOfSession, session } from "./views/session.ts";
import { rowOfSessionEvent, sessionEvent } from "./views/session-event.ts";
import { rowsOfSessionFact, sessionFact } from "./views/session-fact.ts";
import { rowsOfTenant, tenant } from "./views/tenant.ts";
import { rowOfDelivery, webhookDelivery } from "./views/webhook-delivery.ts";

/** In the order in which a transaction takes their rows. */
export const views: readonly View[] = [
  messageEvent,
  message,
  domainEvent,
  eventOutcome,
  inbound,
  inboundIdentity,
  contactConsent,
  webhookDelivery,
  tenant,
  campaign,
  session,
  sessionEvent,
  sessionFact,
  deadLetter,
  auditEntry,
];

/** Rows that one record of a topic adds. */
export type Source = { topic: Topic<unknown>; entries: (record: unknown) => Entry[] };

function source<Record_>(topic: Topic<Record_>, entries: (record: Record_) => Entry[]): Source {
  // The codec decodes a topic's records to the type that the catalogue attaches to it.
  return { topic, entries: (record) => entries(record as Record_) };
}

const lanes = [topics.outboundOtp, topics.outboundStandard, topics.outboundBulk].map((topic) =>
  source(topic, (record) => [
    { view: messageEvent, row: eventOfOutbound(record) },
    { view: message, row: messageOfOutbound(record, acceptedEventId(record)) },
  ]),
);

/** What tells of messages: its flood has a consumer of its own. */
export const messageSources: readonly Source[] = [
  ...lanes,
  source(topics.messageStatus, (record) => [
    { view: messageEvent, row: eventOfStatus(record) },
    { view: message, row: messageOfStatus(record) },
  ]),
];

export const otherSources: readonly Source[] = [
  source(topics.domainEvent, (record) => [{ view: domainEvent, row: rowOfDomainEvent(record) }]),
  source(topics.eventOutcome, (record) => [{ view: eventOutcome, row: rowOfOutcome(record) }]),
  source(topics.messageInbound, (record) => [
    { view: inbound, row: rowOfInbound(record) },
    ...rowsOfIdentities(record).map((row) => ({ view: inboundIdentity, row })),
  ]),
  source(topics.contactConsent, (record) => [{ view: contactConsent, row: rowOfConsent(record) }]),
  source(topics.webhookDelivery, (record) => [{ view: webhookDelivery, row: rowOfDelivery(record) }]),
  source(topics.tenantConfig, (record) => rowsOfTenant(record).map((row) => ({ view: tenant, row }))),
  source(topics.campaignState, (record) => [{ view: campaign, row: rowOfCampaign(record) }]),
  source(topics.sessionState, (record) => [{ view: session, row: rowOfSession(record) }]),
  source(topics.sessionEvent, (record) => [
    { view: sessionEvent, row: rowOfSessionEvent(record) },
    ...rowsOfSessionFact(record).map((row) => ({ view: sessionFact, row })),
  ]),
  source(topics.dead, (record) => [{ view: deadLetter, row: rowOfDeadLetter(record) }]),
  source(topics.audit, (record) => [{ view: auditEntry, row: rowOfAudit(record) }]),
];
