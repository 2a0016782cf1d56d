/** Tenants: rows and what is published about them. Row-level security decides which of them a transaction sees. */
import type { TenantBrand, TenantSettings } from "@wamesh/events";
import type { Tx } from "@wamesh/store";
import type { Change } from "./change.ts";
import { findPlan, sharePlans } from "./plans.ts";
import { tenantRecord } from "./records.ts";
import type { PlanRow, TenantRow } from "./rows.ts";

export const defaultSettings: TenantSettings = {
  doubt_otp: "fail_unknown",
  doubt_standard: "fail_unknown",
  doubt_bulk: "fail_unknown",
  time_zone: "UTC",
  quiet_start: null,
  quiet_end: null,
  retention_days: 90,
};

export async function findTenant(tx: Tx, id: string): Promise<TenantRow | undefined> {
  const [row] = await tx<TenantRow[]>`select * from tenant where id = ${id} and state <> 'deleted'`;
  return row;
}

/** Tenants after `after` in order of id, at most `limit`. */
export async function listTenants(tx: Tx, after: string | null, limit: number): Promise<TenantRow[]> {
  return await tx<TenantRow[]>`
    select * from tenant where state <> 'deleted' and id > ${after ?? ""} order by id limit ${limit}`;
}

export type NewTenant = Pick<
  TenantRow,
  "id" | "name" | "parent" | "is_agency" | "is_operator" | "max_children" | "plan" | "settings" | "brand"
>;
export type Created<Row> =
  | { kind: "created"; row: Row }
  | { kind: "taken" }
  | { kind: "unknown_plan" }
  | { kind: "unknown_parent" }
  | { kind: "too_many_children"; most: number };

/** Creates a tenant. An id is never used twice, not even after deletion: old records speak of the old tenant. */
export async function createTenant(change: Change, tenant: NewTenant): Promise<Created<TenantRow>> {
  const { tx } = change;
  await sharePlans(tx);
  const plan = await findPlan(tx, tenant.plan);
  if (plan === undefined) return { kind: "unknown_plan" };
  if (tenant.parent !== null) {
    // Held until the commit, so that the parent is not deleted meanwhile, and children are counted one by one.
    const [parent] = await tx<TenantRow[]>`
      select * from tenant where id = ${tenant.parent} and is_agency and state <> 'deleted' for no key update`;
    if (parent === undefined) return { kind: "unknown_parent" };
    const [children] = await tx<{ count: number }[]>`
      select count(*)::int as count from tenant where parent = ${parent.id} and state <> 'deleted'`;
    if (parent.max_children !== null && children!.count >= parent.max_children)
      return { kind: "too_many_children", most: parent.max_children };
  }
  const [row] = await tx<TenantRow[]>`
    insert into tenant (id, name, parent, is_agency, is_operator, max_children, plan, settings, brand, state)
    values (${tenant.id}, ${tenant.name}, ${tenant.parent}, ${tenant.is_agency}, ${tenant.is_operator},
      ${tenant.max_children}, ${tenant.plan}, ${tx.json(tenant.settings)},
      ${tenant.brand && tx.json(tenant.brand)}, 'active')
    on conflict (id) do nothing
    returning *`;
  if (row === undefined) return { kind: "taken" };
  announceTenant(change, row, plan, "tenant.created", { name: row.name, parent: row.parent, plan: row.plan });
  return { kind: "created", row };
}

export type TenantPatch = {
  name?: string | undefined;
  plan?: string | undefined;
  /** null takes the limit away. */
  max_children?: number | null | undefined;
  state?: "active" | "suspended" | undefined;
  settings?: Partial<TenantSettings> | undefined;
  /** As a whole; null takes it away. */
  brand?: TenantBrand | null | undefined;
};
export type Patched = { kind: "patched"; row: TenantRow } | { kind: "not_found" } | { kind: "unknown_plan" };

export async function patchTenant(change: Change, id: string, patch: TenantPatch): Promise<Patched> {
  const { tx } = change;
  await sharePlans(tx);
  if (patch.plan !== undefined && (await findPlan(tx, patch.plan)) === undefined)
    return { kind: "unknown_plan" };
  const [row] = await tx<TenantRow[]>`
    update tenant set
      name = coalesce(${patch.name ?? null}, name),
      plan = coalesce(${patch.plan ?? null}, plan),
      max_children = ${patch.max_children === undefined ? tx`max_children` : patch.max_children},
      state = coalesce(${patch.state ?? null}, state),
      settings = settings || ${tx.json(patch.settings ?? {})},
      brand = ${patch.brand === undefined ? tx`brand` : patch.brand && tx.json(patch.brand)},
      version = version + 1, changed_at = clock_timestamp()
    where id = ${id} and state <> 'deleted'
    returning *`;
  if (row === undefined) return { kind: "not_found" };
  announceTenant(change, row, (await findPlan(tx, row.plan))!, "tenant.changed", patch);
  return { kind: "patched", row };
}

/** Queues the tenant's record and the audit entry of what was done to it. */
export function announceTenant(
  change: Change,
  row: TenantRow,
  plan: PlanRow,
  action: string,
  detail: object,
): void {
  change.tenantConfig(tenantRecord(row, plan));
  change.audit({ tenant: row.id, action, object_kind: "tenant", object_id: row.id, detail });
}

/** Holds the tenant as it is until the commit, so that nothing is made for one that is just being deleted. */
export async function holdTenant(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx`select 1 from tenant where id = ${id} and state <> 'deleted' for share`;
  return rows.length > 0;
}
