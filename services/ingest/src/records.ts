/** From what was decided to records of the log: where they lie and what their headers say. */
import {
  type AuditEntry,
  type CampaignState,
  type Codec,
  type ContactConsent,
  compactedKey,
  type DomainEvent,
  type EventOutcome,
  eventHeaders,
  eventId,
  laneTopics,
  largeTenantSpread,
  type OutboundCommand,
  type OutboundMessage,
  partition,
  partitionsOf,
  type Topic,
  topics,
} from "@wamesh/events";
import type { OutgoingRecord } from "@wamesh/kafka";

const source = "/wamesh/ingest";

/** Topics that records are made for here. */
export const written = [
  topics.outboundOtp,
  topics.outboundStandard,
  topics.outboundBulk,
  topics.outboundCommand,
  topics.domainEvent,
  topics.eventOutcome,
  topics.contactConsent,
  topics.campaignState,
  topics.audit,
] as const;

/** Everything here has its tenant as key, or as the first part of it. */
export type TenantRecord = OutgoingRecord & { key: string };

export type Records = {
  /** `trace`: headers of the record that caused it, so that one trace runs from domain event to read receipt. */
  outbound(message: OutboundMessage, trace?: Readonly<Record<string, string>>): TenantRecord;
  /** One for each partition that the tenant's messages may lie in: where its message is not, it does nothing. */
  command(command: OutboundCommand): TenantRecord[];
  /** To where its session's messages lie, and nowhere else. */
  readMark(command: OutboundCommand, mark: { session: string; account: string }): TenantRecord;
  domainEvent(event: DomainEvent): TenantRecord;
  outcome(outcome: EventOutcome, trace?: Readonly<Record<string, string>>): TenantRecord;
  consent(consent: ContactConsent): TenantRecord;
  campaign(state: CampaignState): TenantRecord;
  audit(entry: AuditEntry): TenantRecord;
};

export function createRecords(deps: {
  codec: Codec;
  /** Number of partitions of a topic, as the broker has it. */
  partitions: (topic: string) => number;
  isLarge: (tenant: string) => boolean;
}): Records {
  function record<Record_>(
    topic: Topic<Record_>,
    value: Record_,
    tenant: string,
    headers: Record<string, string>,
    account?: string,
  ): TenantRecord {
    const spread = account === undefined ? undefined : { account, over: largeTenantSpread };
    return {
      topic: topic.name,
      partition: partition(tenant, deps.partitions(topic.name), spread),
      key: tenant,
      value: deps.codec.encode(topic, value),
      headers,
    };
  }

  return {
    outbound: (message, trace) =>
      record(
        laneTopics[message.lane === "UNKNOWN" ? "standard" : message.lane],
        message,
        message.tenant,
        {
          ...eventHeaders({
            id: message.message_id,
            type: "wamesh.message.accepted",
            source,
            timeMs: message.accepted_at,
            subject: message.message_id,
            tenant: message.tenant,
          }),
          ...traceOf(trace),
        },
        deps.isLarge(message.tenant) ? message.account : undefined,
      ),
    command: (command) => {
      const headers = eventHeaders({
        id: command.command_id,
        type: `wamesh.command.${command.kind}`,
        source,
        timeMs: command.requested_at,
        subject: command.message_id,
        tenant: command.tenant,
      });
      const one = record(topics.outboundCommand, command, command.tenant, headers);
      const over = deps.isLarge(command.tenant) ? largeTenantSpread : 1;
      return partitionsOf(command.tenant, deps.partitions(one.topic), over).map((partition) => ({
        ...one,
        partition,
      }));
    },
    readMark: (command, { session, account }) => {
      // Not the message: Meta's ids hold the person's number.
      const headers = eventHeaders({
        id: command.command_id,
        type: "wamesh.command.read",
        source,
        timeMs: command.requested_at,
        subject: session,
        tenant: command.tenant,
      });
      const of = deps.isLarge(command.tenant) ? account : undefined;
      return record(topics.outboundCommand, command, command.tenant, headers, of);
    },
    domainEvent: (event) =>
      record(
        topics.domainEvent,
        event,
        event.tenant,
        eventHeaders({
          id: event.event_id,
          type: event.type,
          source: event.source,
          timeMs: event.occurred_at,
          subject: event.subject,
          tenant: event.tenant,
        }),
      ),
    outcome: (outcome, trace) =>
      record(topics.eventOutcome, outcome, outcome.tenant, {
        ...eventHeaders({
          id: outcome.event_id,
          type: "wamesh.event.outcome",
          source,
          timeMs: outcome.recorded_at,
          subject: outcome.source_event_id,
          tenant: outcome.tenant,
        }),
        ...traceOf(trace),
      }),
    consent: (consent) => {
      const id = `${consent.recipient_token}|${consent.scope}`;
      const headers = eventHeaders({
        id: eventId("consent", consent.tenant, id, consent.version),
        type: `wamesh.consent.${consent.opted_out ? "opted_out" : "opted_in"}`,
        source,
        timeMs: consent.changed_at,
        subject: consent.recipient_token,
        tenant: consent.tenant,
      });
      return {
        ...record(topics.contactConsent, consent, consent.tenant, headers),
        key: compactedKey(consent.tenant, "consent", id),
      };
    },
    campaign: (state) => ({
      ...record(
        topics.campaignState,
        state,
        state.tenant,
        eventHeaders({
          id: eventId("campaign", state.tenant, state.campaign, state.version),
          type: `wamesh.campaign.${state.state}`,
          source,
          timeMs: state.changed_at,
          subject: state.campaign,
          tenant: state.tenant,
        }),
      ),
      key: compactedKey(state.tenant, "campaign", state.campaign),
    }),
    audit: (entry) =>
      record(
        topics.audit,
        entry,
        entry.tenant,
        eventHeaders({
          id: entry.event_id,
          type: "wamesh.audit",
          source,
          timeMs: entry.occurred_at,
          subject: entry.object_id,
          tenant: entry.tenant,
        }),
      ),
  };
}

function traceOf(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { traceparent, tracestate } = headers;
  return { ...(traceparent && { traceparent }), ...(tracestate && { tracestate }) };
}
