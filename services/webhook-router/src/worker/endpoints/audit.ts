/** Who changed what of an endpoint: told in the transaction of the change. */
import type { AuditEntry } from "@wamesh/events";
import type { Caller } from "@wamesh/http";
import { enqueue, type Tx } from "@wamesh/store";
import type { Records } from "../../records.ts";

export type AuditDeps = { records: Pick<Records, "audit">; newId: () => string; now: () => number };

export async function audit(
  deps: AuditDeps,
  tx: Tx,
  caller: Caller,
  action: string,
  endpoint: string,
  detail: object,
): Promise<void> {
  const entry: AuditEntry = {
    event_id: deps.newId(),
    tenant: caller.tenant,
    service: "webhook-router",
    actor_tenant: caller.actorTenant,
    actor_key: caller.keyId,
    action,
    object_kind: "endpoint",
    object_id: endpoint,
    detail: JSON.stringify(detail),
    occurred_at: deps.now(),
  };
  await enqueue(tx, [deps.records.audit(entry)]);
}
