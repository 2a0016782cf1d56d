/** How a delivery and its attempts read in answers. */
import { z } from "@hono/zod-openapi";
import type { AttemptEnd, DeliveryRow } from "../history.ts";

export const attemptView = z
  .object({
    ended_at: z.iso.datetime(),
    duration_ms: z.int(),
    http_status: z.int().nullable().describe("null: there was no answer, see error."),
    error: z
      .string()
      .nullable()
      .describe("Why there was no answer: timeout, address_refused …, ECONNREFUSED …"),
    answer: z.string().nullable().describe("Beginning of the answer, at most 1 KiB, without secrets."),
  })
  .openapi("DeliveryAttempt");

export const deliveryView = z
  .object({
    id: z.string().describe("The webhook-id."),
    event_type: z.string(),
    message_id: z.string().nullable(),
    status: z.enum(["waiting", "delivered", "given_up"]),
    attempts_made: z.int(),
    replayed: z.boolean(),
    next_at: z.iso.datetime().nullable().describe("When it is tried next; null unless it waits."),
    created_at: z.iso.datetime(),
    last_attempt: attemptView.nullable(),
  })
  .openapi("Delivery");

export const wholeDeliveryView = deliveryView
  .extend({
    attempts: z.array(attemptView.extend({ attempt: z.int() })),
    payload: z.unknown().describe("The body as it was signed."),
  })
  .openapi("WholeDelivery");

export function viewAttempt({ ended_at, duration_ms, http_status, error, answer }: AttemptEnd) {
  return { ended_at: ended_at.toISOString(), duration_ms, http_status, error, answer };
}

export function viewDelivery(row: DeliveryRow) {
  return {
    id: row.webhook_id,
    event_type: row.event_type,
    message_id: row.message_id,
    status: row.state,
    attempts_made: row.attempt,
    replayed: row.replayed_at_attempt > 0,
    next_at: row.state === "waiting" ? row.next_at.toISOString() : null,
    created_at: row.created_at.toISOString(),
    last_attempt: row.ended_at === null ? null : viewAttempt(row as AttemptEnd),
  };
}

export function viewWholeDelivery(
  row: DeliveryRow & { body: string },
  failed: readonly (AttemptEnd & { attempt: number })[],
) {
  const attempts = failed.map((one) => ({ ...viewAttempt(one), attempt: one.attempt }));
  const last = viewDelivery(row);
  // A success has no row of its own.
  if (row.state === "delivered" && last.last_attempt !== null)
    attempts.push({ ...last.last_attempt, attempt: row.attempt });
  return { ...last, attempts, payload: JSON.parse(row.body) as unknown };
}
