/** Domain events that came in; their data stays in the topic. */
import type { DomainEvent } from "@wamesh/events";
import type { Row, View } from "../view.ts";

export const domainEvent: View = {
  table: "domain_event",
  counts: { as: "events" },
  // CloudEvents: (source, id) is the event. A repeat by its producer may carry other times; the first ones count.
  registers: {},
  columns: {
    tenant: ["id", "key"],
    event_id: ["id", "key"],
    source: ["id", "key"],
    type: ["text", "greatest"],
    subject: ["text", "greatest"],
    occurred_at: ["time", "least"],
    received_at: ["time", "least"],
  },
};

export function rowOfDomainEvent(record: DomainEvent): Row {
  return {
    tenant: record.tenant,
    event_id: record.event_id,
    source: record.source,
    type: record.type,
    subject: record.subject,
    occurred_at: record.occurred_at,
    received_at: record.received_at,
  };
}
