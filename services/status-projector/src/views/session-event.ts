/** What was observed about sessions and, with an empty session, about whole accounts; with its evidence. */
import type { SessionEvent } from "@wamesh/events";
import type { Row, View } from "../view.ts";

export const sessionEvent: View = {
  table: "session_event",
  registers: { event: ["recorded_at", "occurred_at"] },
  columns: {
    tenant: ["id", "key"],
    event_id: ["id", "key"],
    session: ["id", "with event"],
    account: ["id", "with event"],
    kind: ["text", "with event"],
    status: ["text", "with event"],
    value: ["text", "with event"],
    template_name: ["text", "with event"],
    template_language: ["text", "with event"],
    template_provider_id: ["text", "with event"],
    template_event: ["text", "with event"],
    template_status: ["text", "with event"],
    template_quality: ["text", "with event"],
    template_category: ["text", "with event"],
    template_reason: ["text", "with event"],
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
  const { template } = record;
  return {
    tenant: record.tenant,
    event_id: record.event_id,
    session: record.session,
    account: record.account,
    kind: record.kind,
    status: record.status,
    value: record.value,
    template_name: template?.name ?? null,
    template_language: template?.language ?? null,
    template_provider_id: template?.provider_id ?? null,
    template_event: template?.event ?? null,
    template_status: template?.status ?? null,
    template_quality: template?.quality ?? null,
    template_category: template?.category ?? null,
    template_reason: template?.reason ?? null,
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
