/** From what was understood to records of the log: where they lie and what their headers say. */
import {
  type AuditEntry,
  type Codec,
  eventHeaders,
  type InboundMessage,
  largeTenantSpread,
  type MessageStatus,
  type ProviderCallback,
  partition,
  type SessionEvent,
  type Topic,
  topics,
  type WebhookDelivery,
} from "@wamesh/events";
import type { OutgoingRecord } from "@wamesh/kafka";

const source = "/wamesh/webhook-router";

/** Topics that the receiver writes. */
export const received = [topics.providerCallback, topics.providerUnrouted] as const;

/** Topics that records are made for here. */
export const written = [
  ...received,
  topics.messageStatus,
  topics.messageInbound,
  topics.sessionEvent,
  topics.webhookDelivery,
  topics.audit,
] as const;

export type RecordsDeps = {
  codec: Codec;
  /** Number of partitions of a topic, as the broker has it. */
  partitions: (topic: string) => number;
  isLarge: (tenant: string) => boolean;
};

export type Records = ReturnType<typeof createRecords>;

export function createRecords(deps: RecordsDeps) {
  function at(topic: Topic<unknown>, tenant: string, account: string | null): number {
    const spread =
      account !== null && deps.isLarge(tenant) ? { account, over: largeTenantSpread } : undefined;
    return partition(tenant, deps.partitions(topic.name), spread);
  }
  return {
    status(status: MessageStatus): OutgoingRecord {
      return {
        topic: topics.messageStatus.name,
        // Beside the message's outbound record, so that the owner of its shard reads its receipts.
        partition: at(topics.messageStatus, status.tenant, status.account),
        key: status.tenant,
        value: deps.codec.encode(topics.messageStatus, status),
        headers: eventHeaders({
          id: status.event_id,
          type: `wamesh.message.${status.status}`,
          source,
          timeMs: status.occurred_at,
          subject: status.message_id,
          tenant: status.tenant,
          status: status.status,
        }),
      };
    },
    inbound(inbound: InboundMessage): OutgoingRecord {
      return {
        topic: topics.messageInbound.name,
        partition: at(topics.messageInbound, inbound.tenant, inbound.account),
        key: inbound.tenant,
        value: deps.codec.encode(topics.messageInbound, inbound),
        headers: eventHeaders({
          id: inbound.event_id,
          type: "wamesh.message.inbound",
          source,
          timeMs: inbound.occurred_at,
          subject: inbound.conversation_id,
          tenant: inbound.tenant,
        }),
      };
    },
    sessionEvent(event: SessionEvent): OutgoingRecord {
      return {
        topic: topics.sessionEvent.name,
        partition: at(topics.sessionEvent, event.tenant, null),
        key: event.tenant,
        value: deps.codec.encode(topics.sessionEvent, event),
        headers: eventHeaders({
          id: event.event_id,
          type: `wamesh.session.${event.kind}`,
          source,
          timeMs: event.occurred_at,
          subject: event.session,
          tenant: event.tenant,
        }),
      };
    },
    delivery(delivery: WebhookDelivery): OutgoingRecord & { key: string } {
      return {
        topic: topics.webhookDelivery.name,
        partition: at(topics.webhookDelivery, delivery.tenant, null),
        key: delivery.tenant,
        value: deps.codec.encode(topics.webhookDelivery, delivery),
        headers: eventHeaders({
          id: delivery.event_id,
          type: `wamesh.webhook.${delivery.outcome}`,
          source,
          timeMs: delivery.occurred_at,
          subject: delivery.webhook_id,
          tenant: delivery.tenant,
        }),
      };
    },
    audit(entry: AuditEntry): OutgoingRecord & { key: string } {
      return {
        topic: topics.audit.name,
        partition: at(topics.audit, entry.tenant, null),
        key: entry.tenant,
        value: deps.codec.encode(topics.audit, entry),
        headers: eventHeaders({
          id: entry.event_id,
          type: "wamesh.audit",
          source,
          timeMs: entry.occurred_at,
          subject: entry.object_id,
          tenant: entry.tenant,
        }),
      };
    },
    /** Unrouted ones have no tenant: they lie by the provider's reference, so that one number's stay in order. */
    callback(record: ProviderCallback): OutgoingRecord {
      const topic = record.tenant === null ? topics.providerUnrouted : topics.providerCallback;
      const key = record.tenant ?? record.provider_ref ?? record.provider;
      return {
        topic: topic.name,
        partition: at(topic, key, record.tenant === null ? null : record.account),
        key,
        value: deps.codec.encode(topic, record),
        headers: eventHeaders({
          id: record.callback_id,
          type: `wamesh.callback.${record.kind}`,
          source,
          timeMs: record.received_at,
          subject: record.provider_ref,
          tenant: record.tenant,
        }),
      };
    },
  };
}
