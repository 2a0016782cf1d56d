/** What became of a domain event, per rule and step. */
import type { EventOutcome } from "@wamesh/events";
import type { Row, View } from "../view.ts";

export const eventOutcome: View = {
  table: "event_outcome",
  // A step that waited is told of again, later; an event that is read again may meet a newer version of the rule. The last word
  // is shown.
  registers: { outcome: ["recorded_at", "outcome"] },
  columns: {
    tenant: ["id", "key"],
    outcome_id: ["id", "key"],
    event_id: ["id", "with outcome"],
    source: ["id", "with outcome"],
    type: ["text", "with outcome"],
    outcome: ["text", "with outcome"],
    rule: ["text", "with outcome"],
    rule_version: ["integer", "with outcome"],
    message_ids: ["text[]", "with outcome"],
    reason_code: ["text", "with outcome"],
    fault_class: ["text", "with outcome"],
    provider_code: ["text", "with outcome"],
    reason_detail: ["text", "with outcome"],
    occurred_at: ["time", "with outcome"],
    recorded_at: ["time", "with outcome"],
    step: ["integer", "with outcome"],
    due_at: ["time", "with outcome"],
    cancelled_by_event: ["text", "with outcome"],
    cancelled_by_source: ["text", "with outcome"],
  },
};

export function rowOfOutcome(record: EventOutcome): Row {
  return {
    tenant: record.tenant,
    outcome_id: record.event_id,
    event_id: record.source_event_id,
    source: record.source_event_source,
    type: record.type,
    outcome: record.outcome,
    rule: record.rule,
    rule_version: record.rule_version,
    message_ids: record.message_ids,
    reason_code: record.reason?.code ?? null,
    fault_class: record.reason?.fault_class ?? null,
    provider_code: record.reason?.provider_code ?? null,
    reason_detail: record.reason?.detail ?? null,
    occurred_at: record.occurred_at,
    recorded_at: record.recorded_at,
    step: record.step,
    due_at: record.due_at,
    cancelled_by_event: record.cancelled_by_event,
    cancelled_by_source: record.cancelled_by_source,
  };
}
