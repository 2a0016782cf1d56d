/** How attempts to deliver a webhook read in answers. */
import { z } from "@hono/zod-openapi";
import type { DeliveryRow } from "../reads/deliveries.ts";
import { iso } from "./shapes.ts";

export const deliveryShape = z
  .object({
    id: z.string(),
    tenant: z.string(),
    webhook_id: z.string().describe("Stable over attempts; as in the header webhook-id."),
    endpoint_id: z.string(),
    event_type: z.string(),
    message_id: z.string().nullable(),
    attempt: z.int(),
    outcome: z.string().describe("delivered, retry, given_up, disabled"),
    http_status: z.int().nullable(),
    error: z.string().nullable(),
    duration_ms: z.int(),
    next_at: z.iso.datetime().nullable(),
    occurred_at: z.iso.datetime(),
  })
  .openapi("Delivery");

export function viewDelivery(row: DeliveryRow): z.output<typeof deliveryShape> {
  return {
    id: row.event_id,
    tenant: row.tenant,
    webhook_id: row.webhook_id,
    endpoint_id: row.endpoint,
    event_type: row.event_type,
    message_id: row.message_id,
    attempt: row.attempt,
    outcome: row.outcome,
    http_status: row.http_status,
    error: row.error,
    duration_ms: row.duration_ms,
    next_at: iso(row.next_at),
    occurred_at: row.occurred_at.toISOString(),
  };
}
