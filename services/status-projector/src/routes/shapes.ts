/** How messages and reasons read in answers. */
import { z } from "@hono/zod-openapi";
import type { MessageRow } from "../reads/messages.ts";

export const reasonShape = z
  .object({
    code: z.string().describe("Stable; decide by it."),
    fault_class: z.string().describe("Whose fault it is."),
    provider_code: z.string().nullable().describe("The provider's own code."),
    detail: z.string(),
  })
  .openapi("Reason");

type ReasonColumns = {
  reason_code: string | null;
  fault_class: string | null;
  provider_code: string | null;
  reason_detail: string | null;
};

export function viewReason(row: ReasonColumns): z.output<typeof reasonShape> | null {
  if (row.reason_code === null) return null;
  return {
    code: row.reason_code,
    fault_class: row.fault_class ?? "UNKNOWN",
    provider_code: row.provider_code,
    detail: row.reason_detail ?? "",
  };
}

const text = z.string().nullable();
const time = z.iso.datetime().nullable();

export const messageShape = z
  .object({
    id: z.uuid(),
    tenant: z.string(),
    status: z
      .string()
      .describe(
        "accepted, queued, claimed, in_doubt, unconfirmed, sent, delivered, read, played, failed, expired, cancelled",
      ),
    origin: z
      .string()
      .describe("Who says so: mesh, decided here; provider, a receipt. What the mesh failed is final."),
    lane: text,
    session_id: text,
    provider: text,
    recipient: z
      .object({ kind: z.string(), value: z.string() })
      .nullable()
      .describe("null until its acceptance was read."),
    template: text,
    category: text,
    billable: z
      .boolean()
      .nullable()
      .describe("Whether the provider said that it charges; null: it said nothing."),
    priced_as: text.describe("The category that the provider charged, where it said so."),
    external_ref: text,
    campaign: text,
    rule: text,
    source_event_id: text,
    source_event_source: text,
    retry_of: text,
    provider_id: text,
    claim: z.int().describe("Number of the claim its state belongs to; 0 before the first."),
    attempts: z.int(),
    reason: reasonShape.nullable(),
    send_at: time,
    not_after: time,
    accepted_at: time,
    queued_at: time,
    claimed_at: time,
    sent_at: time,
    delivered_at: time.describe(
      "The earliest time by which it is known to be delivered: a read message was.",
    ),
    read_at: time,
    failed_at: time,
    expired_at: time,
    cancelled_at: time,
  })
  .openapi("Message");

export function viewMessage(row: MessageRow): z.output<typeof messageShape> {
  return {
    id: row.message_id,
    tenant: row.tenant,
    status: row.status,
    origin: row.origin,
    lane: row.lane,
    session_id: row.session,
    provider: row.provider,
    recipient:
      row.recipient === null ? null : { kind: row.recipient_kind ?? "UNKNOWN", value: row.recipient },
    template: row.template,
    category: row.category,
    billable: row.billable,
    priced_as: row.priced_as,
    external_ref: row.external_ref,
    campaign: row.campaign,
    rule: row.rule,
    source_event_id: row.source_event_id,
    source_event_source: row.source_event_source,
    retry_of: row.retry_of,
    provider_id: row.provider_id,
    claim: row.claim,
    attempts: row.attempts ?? 0,
    reason: viewReason(row),
    send_at: iso(row.send_at),
    not_after: iso(row.not_after),
    accepted_at: iso(row.accepted_at),
    queued_at: iso(row.queued_at),
    claimed_at: iso(row.claimed_at),
    sent_at: iso(row.sent_at),
    delivered_at: iso(row.delivered_at),
    read_at: iso(row.read_at),
    failed_at: iso(row.failed_at),
    expired_at: iso(row.expired_at),
    cancelled_at: iso(row.cancelled_at),
  };
}

export function iso(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}
