/** What was observed about sessions, with its evidence. */
import type { SessionEvent } from "@wamesh/events";
import type { Row, View } from "../view.ts";

export const sessionEvent: View = {
  table: "session_event",
  registers: { event: ["recorded_at", "occurred_at"] },
  columns: {
    tenant: ["id", "key"],
    event_id: ["id", "key"],
    session: ["id", "with event"],
    kind: ["text", "with event"],
    status: ["text", "with event"],
    evidence: ["text", "with event"],
    reason_code: ["text", "with event"],
    fault_class: ["text", "with event"],
    provider_code: ["text", "with event"],
    reason_detail: ["text", "with event"],
    detail: ["text", "with event"],
    occurred_at: ["time", "with event"],
    recorded_at: ["time", "with event"],
  },
};

export function rowOfSessionEvent(record: SessionEvent): Row {
  return {
    tenant: record.tenant,
    event_id: record.event_id,
    session: record.session,
    kind: record.kind,
    status: record.status,
    evidence: record.evidence,
    reason_code: record.reason?.code ?? null,
    fault_class: record.reason?.fault_class ?? null,
    provider_code: record.reason?.provider_code ?? null,
    reason_detail: record.reason?.detail ?? null,
    detail: record.detail,
    occurred_at: record.occurred_at,
    recorded_at: record.recorded_at,
  };
}
