/** Who changed what, for one tenant. */
import type { Tx } from "@wamesh/store";
import { type After, type Period, within } from "./by-time.ts";

export type AuditRow = {
  tenant: string;
  event_id: string;
  service: string;
  actor_tenant: string;
  actor_key: string;
  action: string;
  object_kind: string;
  object_id: string;
  /** JSON. */
  detail: string;
  occurred_at: Date;
};

export type AuditFilter = Period & {
  action?: string | undefined;
  actorKey?: string | undefined;
  objectKind?: string | undefined;
  objectId?: string | undefined;
};

/** Newest first. */
export async function listAudit(
  tx: Tx,
  tenant: string,
  filter: AuditFilter,
  after: After,
  limit: number,
): Promise<AuditRow[]> {
  const { action, actorKey, objectKind, objectId } = filter;
  return await tx<AuditRow[]>`
    select * from audit_entry where tenant = ${tenant}
      ${action === undefined ? tx`` : tx`and action = ${action}`}
      ${actorKey === undefined ? tx`` : tx`and actor_key = ${actorKey}`}
      ${objectKind === undefined ? tx`` : tx`and object_kind = ${objectKind}`}
      ${objectId === undefined ? tx`` : tx`and object_id = ${objectId}`}
      ${within(tx, filter, after)}
    order by occurred_at desc, event_id desc limit ${limit}`;
}
