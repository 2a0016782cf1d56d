/** What the audit says of a redrive: by whom it was asked for, also of what a process does in their name. */
import type { AuditEntry } from "@wamesh/events";
import type { Redrive } from "./store.ts";

export function auditOf(
  deps: { newId: () => string; now: () => number },
  redrive: Pick<Redrive, "tenant" | "id" | "actor_tenant" | "actor_key">,
  action: "redrive.created" | "redrive.cancelled" | "redrive.done",
  detail: object,
): AuditEntry {
  return {
    event_id: deps.newId(),
    tenant: redrive.tenant,
    service: "ingest",
    actor_tenant: redrive.actor_tenant,
    actor_key: redrive.actor_key,
    action,
    object_kind: "redrive",
    object_id: redrive.id,
    detail: JSON.stringify(detail),
    occurred_at: deps.now(),
  };
}
