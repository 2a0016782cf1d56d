/** How a domain event and what became of it read in answers. */
import { z } from "@hono/zod-openapi";
import type { EventWithOutcomes } from "../reads/events.ts";
import { iso, reasonShape, viewReason } from "./shapes.ts";

export const outcomeName = z.enum([
  "messages",
  "no_rule",
  "condition_false",
  "failed",
  "scheduled",
  "cancelled",
  "ignored",
  "cancels",
]);

const outcomeShape = z
  .object({
    outcome: z
      .string()
      .describe(
        "messages: made, see message_ids. scheduled: a step waits until due_at. cancelled: a waiting step was called off. " +
          "condition_false, failed, no_rule, ignored: nothing, see reason. cancels: this event called off waiting steps of the rule.",
      ),
    rule: z.string().nullable(),
    rule_version: z.int().nullable(),
    step: z.int().nullable().describe("From 0; null where it is said of the rule as a whole."),
    message_ids: z.array(z.string()),
    due_at: z.iso.datetime().nullable().describe("When the step is or was due; null for a step at once."),
    cancelled_by: z
      .object({ id: z.string(), source: z.string() })
      .nullable()
      .describe("The event that called the step off."),
    reason: reasonShape.nullable(),
    recorded_at: z.iso.datetime(),
  })
  .openapi("EventOutcome");

export const eventShape = z
  .object({
    id: z.string(),
    tenant: z.string(),
    source: z.string(),
    type: z.string(),
    subject: z.string().nullable(),
    occurred_at: z.iso.datetime(),
    received_at: z.iso.datetime().nullable().describe("null where it was written into Kafka directly."),
    outcomes: z
      .array(outcomeShape)
      .describe("One per rule and step, in this order; empty until the rules were applied."),
  })
  .openapi("Event");

export function viewEvent({ event, outcomes }: EventWithOutcomes): z.input<typeof eventShape> {
  return {
    id: event.event_id,
    tenant: event.tenant,
    source: event.source,
    type: event.type,
    subject: event.subject,
    occurred_at: event.occurred_at.toISOString(),
    received_at: iso(event.received_at),
    outcomes: outcomes.map((row) => ({
      outcome: row.outcome,
      rule: row.rule,
      rule_version: row.rule_version,
      step: row.step,
      message_ids: row.message_ids,
      due_at: iso(row.due_at),
      cancelled_by:
        row.cancelled_by_event === null
          ? null
          : { id: row.cancelled_by_event, source: row.cancelled_by_source ?? "" },
      reason: viewReason(row),
      recorded_at: row.recorded_at.toISOString(),
    })),
  };
}
