/** What is told of an event: the records of wa.event.outcome. Pure. */
import { type EventOutcome, eventId, type Reason, type ReasonCode, reasonCodes } from "@wamesh/events";
import type { Failure } from "../rules/expression.ts";

/** Of which event it is told; a step that waited has no more of it than this. */
export type EventName = { tenant: string; source: string; id: string; type: string; occurredAt: number };

/** What it is told of: a rule, one of its steps, or nothing more than the event. */
export type About = { rule: string; version: number; step: number | null } | null;

export function outcomeOf(
  event: EventName,
  about: About,
  recordedAt: number,
  told: Partial<EventOutcome> & Pick<EventOutcome, "outcome">,
): EventOutcome {
  return {
    event_id: outcomeId(event, about),
    tenant: event.tenant,
    source_event_id: event.id,
    source_event_source: event.source,
    type: event.type,
    rule: about?.rule ?? null,
    rule_version: about?.version ?? null,
    message_ids: [],
    reason: null,
    occurred_at: event.occurredAt,
    recorded_at: recordedAt,
    step: about?.step ?? null,
    due_at: null,
    cancelled_by_event: null,
    cancelled_by_source: null,
    ...told,
  };
}

/** The first step and the rule as a whole share one: whatever is told last of either holds. */
export function outcomeId({ tenant, source, id }: EventName, about: About): string {
  const { rule = null, step = null } = about ?? {};
  return step === null || step === 0
    ? eventId(tenant, source, id, rule)
    : eventId(tenant, source, id, rule, step);
}

/** Of an event that calls steps of a rule off, which may be an event that begins the rule too. */
export function cancelsId({ tenant, source, id }: EventName, rule: string): string {
  return eventId(tenant, source, id, rule, "cancels");
}

export function reason(code: ReasonCode, detail?: string): Reason {
  const row = reasonCodes[code];
  return { code, fault_class: row.fault_class, provider_code: null, detail: detail ?? row.meaning };
}

export function reasonOfFailure(failure: Failure): Reason {
  return failure.kind === "missing"
    ? reason("variable_missing", `The event has no value at ${failure.path}.`)
    : reason("expression_failed", failure.why);
}
