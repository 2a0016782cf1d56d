/** An attempt that is over, as it is told to Kafka and as it is kept. Pure. */

import type { Context } from "@opentelemetry/api";
import { eventId, type WebhookDelivery } from "@wamesh/events";
import type { Answer, Judgement } from "./outcome.ts";
import type { Due, Ended } from "./store.ts";

/** `durationMs` by the monotonic clock; `endedAt` in ms since 1970. */
export type Finished = {
  row: Due;
  judgement: Judgement;
  answer: Answer;
  /** Where its call was a span, if it was one. */
  within: Context;
  durationMs: number;
  endedAt: number;
};

/** The second record of the same attempt has the same event id. `disabled`: its endpoint was, after this batch. */
export function recordOf(
  { row, judgement, answer, durationMs, endedAt }: Finished,
  disabled: boolean,
): WebhookDelivery {
  const outcome = disabled && judgement.outcome !== "delivered" ? "disabled" : judgement.outcome;
  return {
    event_id: eventId("delivery", row.webhook_id, judgement.attempt),
    tenant: row.tenant,
    webhook_id: row.webhook_id,
    endpoint: row.endpoint,
    event_type: row.event_type,
    message_id: row.message_id,
    attempt: judgement.attempt,
    outcome,
    http_status: answer.kind === "answered" ? answer.status : null,
    error: answer.kind === "none" ? answer.why : null,
    duration_ms: Math.round(durationMs),
    next_at: outcome === "retry" ? endedAt + judgement.waitMs : null,
    occurred_at: endedAt,
  };
}

/** The excerpt of the answer stays here: the topic is not only its tenant's. */
export function endedOf({ judgement, answer, durationMs, endedAt }: Finished): Ended {
  return {
    ...judgement,
    endedAt,
    durationMs: Math.round(durationMs),
    httpStatus: answer.kind === "answered" ? answer.status : null,
    error: answer.kind === "none" ? answer.why : null,
    answer: answer.kind === "answered" ? answer.excerpt : null,
  };
}
