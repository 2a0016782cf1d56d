/**
 * From what happened to rows that are to be delivered: one per subscribed endpoint.
 *
 * The second delivery of a record is harmless: rows and cursor commit together, so what is read again lies below the cursor;
 * and the same event under another id (the mesh's `sent` and the provider's) meets the unique webhook_id, made of endpoint and subject.
 */
import {
  headerNames,
  type InboundMessage,
  type MessageStatus,
  type SessionEvent,
  topics,
} from "@wamesh/events";
import type { Batch, Skip } from "@wamesh/kafka";
import { advanceCursor, lockCursor, type Sql } from "@wamesh/store";
import { traceOf } from "../traces.ts";
import { announceDue } from "./signal.ts";
import { addDeliveries, subscribersOf } from "./store.ts";
import { deliveriesOf } from "./subscription.ts";
import { isTold, ofInbound, ofSessionEvent, ofStatus, type WebhookEvent } from "./webhook-event.ts";

export const fannedOut = [topics.messageStatus, topics.messageInbound, topics.sessionEvent] as const;

type Happening = MessageStatus | InboundMessage | SessionEvent;

/** Statuses that nobody can subscribe to are not even decoded. Other topics' records carry no status header. */
export const isUntold: Skip = (header) => {
  const status = header(headerNames.status);
  return status !== undefined && !isTold(status);
};

/** Handler of the three topics. Resolves to the number of rows added. */
export function createFanOut(deps: { sql: Sql; consumer: string }) {
  return async (batch: Batch<Happening>): Promise<number> => {
    const { topic, partition } = batch;
    const position = { consumer: deps.consumer, cluster: batch.clusterId, topic, partition };
    const events = batch.records.flatMap(({ offset, record, headers }) => {
      const event = eventOf(topic, record);
      return event === null ? [] : [{ offset: Number(offset), event, trace: traceOf(headers) }];
    });
    const tenants = [...new Set(events.map(({ event }) => event.tenant))];
    const added = await deps.sql.begin(async (tx) => {
      // Subscribers are read with every batch: an endpoint gets all that is read after its 201. What depends on nothing goes
      // out together, here and below; the connection runs it in this order.
      const [next, subscribers] = await Promise.all([lockCursor(tx, position), subscribersOf(tx, tenants)]);
      const rows = events
        .filter(({ offset }) => offset >= (next ?? 0))
        .flatMap(({ event, trace }) => deliveriesOf(event, subscribers, trace));
      await Promise.all([
        addDeliveries(tx, rows),
        advanceCursor(tx, position, Number(batch.nextOffset)),
        announceDue(tx, [...new Set(rows.map(({ endpoint }) => endpoint))]),
      ]);
      return rows.length;
    });
    return added as number;
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
