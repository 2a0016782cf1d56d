/** Who changed what through an API. */
import type { AuditEntry } from "@wamesh/events";
import type { Row, View } from "../view.ts";

export const auditEntry: View = {
  table: "audit_entry",
  registers: { entry: ["occurred_at"] },
  columns: {
    tenant: ["id", "key"],
    event_id: ["id", "key"],
    service: ["text", "with entry"],
    actor_tenant: ["text", "with entry"],
    actor_key: ["text", "with entry"],
    action: ["text", "with entry"],
    object_kind: ["text", "with entry"],
    object_id: ["text", "with entry"],
    detail: ["text", "with entry"],
    occurred_at: ["time", "with entry"],
  },
};

export function rowOfAudit(record: AuditEntry): Row {
  return { ...record };
}
