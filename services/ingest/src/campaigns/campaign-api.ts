/** What the routes of campaigns share: which one is meant, which list, and that each change leaves its audit entry. */
import type { AuditEntry } from "@wamesh/events";
import { type Caller, problem } from "@wamesh/http";
import { enqueue, type Tx, withTenants } from "@wamesh/store";
import { type Audience, findAudience } from "../audiences/audience-store.ts";
import type { QueueQuota } from "../limits/queue-quota.ts";
import type { Records } from "../records.ts";
import { type Campaign, findCampaign, lockCampaign } from "./campaign-store.ts";
import type { PreflightDeps } from "./run-preflight.ts";

export type CampaignDeps = PreflightDeps & {
  quota: Pick<QueueQuota, "room">;
  records: Pick<Records, "audit" | "campaign">;
  /** An id that sorts by time, for audit entries. */
  newId: () => string;
  /** `cmp_` and characters that sort by time. */
  newCampaignId: () => string;
  newAudienceId: () => string;
};

export async function foundCampaign(
  deps: Pick<CampaignDeps, "sql">,
  tenant: string,
  id: string,
): Promise<Campaign> {
  const row = await withTenants(deps.sql, [tenant], (tx) => findCampaign(tx, tenant, id));
  if (row === undefined) throw problem("not_found");
  return row;
}

export async function lockedCampaign(tx: Tx, tenant: string, id: string): Promise<Campaign> {
  const row = await lockCampaign(tx, tenant, id);
  if (row === undefined) throw problem("not_found");
  return row;
}

/** Throws where it names a session that the tenant does not have. */
export function checkSession(
  { world }: Pick<CampaignDeps, "world">,
  tenant: string,
  id: string | undefined,
): void {
  if (id === undefined) return;
  const session = world.session(id);
  // Another tenant's session gets the same answer as none: an id must not tell whether it exists.
  if (session === undefined || session.tenant !== tenant || session.status === "deleted")
    throw problem("unknown_session", {
      errors: [
        { field: "session_id", problem: "is not one of yours", remedy: "Use an id from GET /v1/sessions." },
      ],
    });
}

export async function namedAudience(tx: Tx, tenant: string, id: string): Promise<Audience> {
  const audience = await findAudience(tx, tenant, id);
  if (audience === undefined)
    throw problem("unknown_audience", {
      errors: [
        { field: "audience_id", problem: "is not one of yours", remedy: "Use an id from GET /v1/audiences." },
      ],
    });
  return audience;
}

export async function audit(
  tx: Tx,
  deps: Pick<CampaignDeps, "records" | "now" | "newId">,
  caller: Caller,
  action: string,
  id: string,
  detail: object,
): Promise<void> {
  const entry: AuditEntry = {
    event_id: deps.newId(),
    tenant: caller.tenant,
    service: "ingest",
    actor_tenant: caller.actorTenant,
    actor_key: caller.keyId,
    action,
    object_kind: "campaign",
    object_id: id,
    detail: JSON.stringify(detail),
    occurred_at: deps.now(),
  };
  await enqueue(tx, [deps.records.audit(entry)]);
}
