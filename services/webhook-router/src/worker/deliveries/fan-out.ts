/**
 * From what happened to rows that are to be delivered: one per subscribed endpoint.
 *
 * The second delivery of a record is harmless: rows and cursor commit together, so what is read again lies below the cursor;
 * and the same event under another id (the mesh's `sent` and the provider's) meets the unique (endpoint, subject).
 */
import {
  type InboundMessage,
  type MessageStatus,
  type RecordHeaders,
  type SessionEvent,
  topics,
} from "@wamesh/events";
import type { Batch } from "@wamesh/kafka";
import { advanceCursor, lockCursor, type Sql, withTenants } from "@wamesh/store";
import { announceDue } from "./signal.ts";
import { addDeliveries, type NewDelivery, subscribersOf } from "./store.ts";
import {
  isTold,
  ofInbound,
  ofSessionEvent,
  ofStatus,
  subscribes,
  type WebhookEvent,
  webhookId,
} from "./webhook-event.ts";

export const fannedOut = [topics.messageStatus, topics.messageInbound, topics.sessionEvent] as const;

type Happening = MessageStatus | InboundMessage | SessionEvent;

/** Statuses that nobody can subscribe to are not even decoded. Other topics' records carry no status header. */
export function isUntold(headers: RecordHeaders): boolean {
  return headers.status !== undefined && !isTold(headers.status);
}

/** Handler of the three topics. Resolves to the number of rows added. */
export function createFanOut(deps: { sql: Sql; consumer: string }) {
  return async (batch: Batch<Happening>): Promise<number> => {
    const { topic, partition } = batch;
    const position = { consumer: deps.consumer, cluster: batch.clusterId, topic, partition };
    return withTenants(deps.sql, "all", async (tx) => {
      const next = (await lockCursor(tx, position)) ?? 0;
      const events = batch.records
        .filter((record) => Number(record.offset) >= next)
        .map((record) => eventOf(topic, record.record))
        .filter((event) => event !== null);
      const rows = events.length === 0 ? [] : await fanOut(events);
      const endpoints = await addDeliveries(tx, rows);
      await advanceCursor(tx, position, Number(batch.nextOffset));
      await announceDue(tx, endpoints);
      return rows.length;

      async function fanOut(events: readonly WebhookEvent[]): Promise<NewDelivery[]> {
        // Read with every batch: an endpoint gets all that is read after its 201.
        const subscribers = await subscribersOf(tx, [...new Set(events.map((event) => event.tenant))]);
        return events.flatMap((event) =>
          subscribers
            .filter((endpoint) => subscribes(endpoint, event))
            .map((endpoint) => ({
              webhook_id: webhookId(endpoint.id, event.subject),
              tenant: event.tenant,
              endpoint: endpoint.id,
              event_type: event.type,
              subject: event.subject,
              message_id: event.messageId,
              body: event.body,
            })),
        );
      }
    });
  };
}

function eventOf(topic: string, record: Happening): WebhookEvent | null {
  switch (topic) {
    case topics.messageStatus.name:
      return ofStatus(record as MessageStatus);
    case topics.messageInbound.name:
      return ofInbound(record as InboundMessage);
    default:
      return ofSessionEvent(record as SessionEvent);
  }
}
