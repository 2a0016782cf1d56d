/** The typed catalogue of topics: what schemas/topics.json says, with the record type of each topic attached. */
import { latestSchemas, type RecordTypes, topicCatalogue } from "./generated/records.ts";

export type RecordName = keyof RecordTypes;

/** One topic. `Record_` only exists for the type checker. */
export type Topic<Record_> = {
  readonly name: string;
  readonly record: RecordName;
  readonly subject: string;
  readonly key: string;
  readonly partitions: { readonly production: number; readonly local: number };
  readonly policy: "delete" | "compact";
  readonly retentionDays: number | null;
  readonly producers: readonly string[];
  readonly consumers: readonly string[];
  readonly __record?: Record_;
};

function topic<Name extends RecordName>(name: string, record: Name): Topic<RecordTypes[Name]> {
  const row = topicCatalogue.find((candidate) => candidate.name === name);
  if (row === undefined || row.record !== record)
    throw new Error(`schemas/topics.json has no ${name} of ${record}`);
  return {
    name,
    record,
    subject: `${name}-value`,
    key: row.key,
    partitions: row.partitions,
    policy: row.policy as "delete" | "compact",
    retentionDays: "retention_days" in row ? row.retention_days : null,
    producers: row.producers,
    consumers: row.consumers,
  };
}

export const topics = {
  domainEvent: topic("wa.domain.event.v1", "domain-event"),
  eventOutcome: topic("wa.event.outcome.v1", "event-outcome"),
  outboundOtp: topic("wa.outbound.otp.v1", "outbound-message"),
  outboundStandard: topic("wa.outbound.standard.v1", "outbound-message"),
  outboundBulk: topic("wa.outbound.bulk.v1", "outbound-message"),
  outboundCommand: topic("wa.outbound.command.v1", "outbound-command"),
  campaignState: topic("wa.campaign.state.v1", "campaign-state"),
  contactConsent: topic("wa.contact.consent.v1", "contact-consent"),
  messageStatus: topic("wa.message.status.v1", "message-status"),
  messageInbound: topic("wa.message.inbound.v1", "inbound-message"),
  providerCallback: topic("wa.provider.callback.v1", "provider-callback"),
  providerUnrouted: topic("wa.provider.unrouted.v1", "provider-callback"),
  sessionEvent: topic("wa.session.event.v1", "session-event"),
  sessionState: topic("wa.session.state.v1", "session-state"),
  tenantConfig: topic("wa.tenant.config.v1", "tenant-config"),
  dispatchState: topic("wa.dispatch.state.v1", "dispatch-state"),
  webhookDelivery: topic("wa.webhook.delivery.v1", "webhook-delivery"),
  usage: topic("wa.usage.v1", "usage"),
  audit: topic("wa.audit.v1", "audit-entry"),
  dead: topic("wa.dead.v1", "dead-letter"),
} as const;

export const allTopics: readonly Topic<unknown>[] = Object.values(topics);

/** Schema text exactly as it is registered and looked up; one spelling everywhere, or the registry would not know it. */
export function schemaText(record: RecordName): string {
  return JSON.stringify(latestSchemas[record].schema);
}

export const laneTopics = {
  otp: topics.outboundOtp,
  standard: topics.outboundStandard,
  bulk: topics.outboundBulk,
} as const;
