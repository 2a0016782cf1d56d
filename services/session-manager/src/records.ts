/** From rows to what the other services read. Pure; the only place that knows both spellings. */
import type { SealedCredentials, SessionState, TenantConfig } from "@wamesh/events";
import type { KeyRow, PlanRow, SessionRow, TenantRow } from "./rows.ts";

const nothing = { tenant_record: null, key_record: null, template_record: null };

/** A tenant with its plan resolved, so that readers need no second look-up. */
export function tenantRecord(row: TenantRow, plan: PlanRow): TenantConfig {
  return {
    ...nothing,
    tenant: row.id,
    kind: "tenant",
    id: row.id,
    version: row.version,
    state: row.state,
    tenant_record: {
      name: row.name,
      parent: row.parent,
      is_agency: row.is_agency,
      is_operator: row.is_operator,
      large: false,
      plan: {
        plan: plan.id,
        weight: plan.weight,
        per_minute: plan.per_minute,
        per_day: plan.per_day,
        max_queued: plan.max_queued,
        bulk: plan.bulk,
        requests_per_s: plan.requests_per_s,
        otp_per_recipient: plan.otp_per_recipient,
        otp_per_prefix: plan.otp_per_prefix,
      },
      settings: row.settings,
      brand: row.brand,
    },
    changed_at: row.changed_at.getTime(),
  };
}

/** A key: what verifies it, never what opens. */
export function keyRecord(row: KeyRow): TenantConfig {
  return {
    ...nothing,
    tenant: row.tenant,
    kind: "key",
    id: row.id,
    version: row.version,
    state: row.state,
    key_record: {
      secret_hashes: row.secret_hashes,
      scopes: row.scopes,
      label: row.label,
      expires_at: row.expires_at?.getTime() ?? null,
    },
    changed_at: row.changed_at.getTime(),
  };
}

/** The record that shows a reader it has seen everything from before this start of the service, one per partition. */
export function markerRecord(operator: string, partition: number, nowMs: number): TenantConfig {
  return {
    ...nothing,
    tenant: operator,
    kind: "marker",
    id: String(partition),
    version: nowMs,
    state: "active",
    changed_at: nowMs,
  };
}

/** A session with its sealed credentials; without them once it is deleted. */
export function sessionRecord(row: SessionRow, credentials: SealedCredentials | null): SessionState {
  return {
    tenant: row.tenant,
    session: row.id,
    version: row.version,
    status: row.status,
    provider: row.provider,
    account: row.account,
    account_ref: row.account_ref,
    provider_ref: row.provider_ref,
    name: row.name,
    phone: row.phone,
    pools: row.pools,
    rate_per_s: row.rate_per_s,
    otp_only: row.otp_only,
    callback_token_hash: row.callback_token_hash,
    callback_secret_hash: row.callback_secret_hash,
    credentials,
    changed_at: row.changed_at.getTime(),
  };
}
