/** Attempts to deliver webhooks to tenants' endpoints. */
import type { WebhookDelivery } from "@wamesh/events";
import type { Row, View } from "../view.ts";

export const webhookDelivery: View = {
  table: "webhook_delivery",
  registers: { attempt: ["occurred_at"] },
  columns: {
    tenant: ["id", "key"],
    event_id: ["id", "key"],
    webhook_id: ["id", "with attempt"],
    endpoint: ["id", "with attempt"],
    event_type: ["text", "with attempt"],
    message_id: ["text", "with attempt"],
    attempt: ["integer", "with attempt"],
    outcome: ["text", "with attempt"],
    http_status: ["integer", "with attempt"],
    error: ["text", "with attempt"],
    duration_ms: ["integer", "with attempt"],
    next_at: ["time", "with attempt"],
    occurred_at: ["time", "with attempt"],
  },
};

export function rowOfDelivery(record: WebhookDelivery): Row {
  return {
    tenant: record.tenant,
    event_id: record.event_id,
    webhook_id: record.webhook_id,
    endpoint: record.endpoint,
    event_type: record.event_type,
    message_id: record.message_id,
    attempt: record.attempt,
    outcome: record.outcome,
    http_status: record.http_status,
    error: record.error,
    duration_ms: record.duration_ms,
    next_at: record.next_at,
    occurred_at: record.occurred_at,
  };
}
