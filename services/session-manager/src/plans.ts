/** Plans: what tenants may do. A plan travels inside each of its tenants' records, so changing it publishes them all. */
import type { Tx } from "@wamesh/store";
import type { Change } from "./change.ts";
import { tenantRecord } from "./records.ts";
import type { PlanRow, TenantRow } from "./rows.ts";

/**
 * A tenant's record is made of two rows. Whoever writes a tenant shares this lock, whoever writes a plan has it alone;
 * so no record leaves with a plan that was just replaced.
 */
const planLock = 7_201;

const columns = [
  "id",
  "weight",
  "per_minute",
  "per_day",
  "max_queued",
  "bulk",
  "requests_per_s",
  "otp_per_recipient",
  "otp_per_prefix",
];

export async function sharePlans(tx: Tx): Promise<void> {
  await tx`select pg_advisory_xact_lock_shared(${planLock})`;
}

export async function listPlans(tx: Tx, after: string | null, limit: number): Promise<PlanRow[]> {
  return await tx<PlanRow[]>`
    select ${tx(columns)} from plan
    where id > ${after ?? ""} order by id limit ${limit}`;
}

export async function findPlan(tx: Tx, id: string): Promise<PlanRow | undefined> {
  const [row] = await tx<PlanRow[]>`
    select ${tx(columns)} from plan where id = ${id}`;
  return row;
}

/** Creates a plan. False when its id is taken. */
export async function createPlan(change: Change, plan: PlanRow, owner: string): Promise<boolean> {
  const made = await change.tx`insert into plan ${change.tx(plan)} on conflict (id) do nothing returning id`;
  if (made.length === 0) return false;
  change.audit({
    tenant: owner,
    action: "plan.created",
    object_kind: "plan",
    object_id: plan.id,
    detail: plan,
  });
  return true;
}

/** Creates or replaces a plan, and publishes every tenant that has it. */
export async function putPlan(change: Change, plan: PlanRow, owner: string): Promise<"created" | "replaced"> {
  const { tx } = change;
  await tx`select pg_advisory_xact_lock(${planLock})`;
  const before = await findPlan(tx, plan.id);
  await tx`
    insert into plan ${tx(plan)}
    on conflict (id) do update set weight = excluded.weight, per_minute = excluded.per_minute,
      per_day = excluded.per_day, max_queued = excluded.max_queued, bulk = excluded.bulk,
      requests_per_s = excluded.requests_per_s, otp_per_recipient = excluded.otp_per_recipient,
      otp_per_prefix = excluded.otp_per_prefix,
      changed_at = clock_timestamp()`;
  const tenants = await tx<TenantRow[]>`
    update tenant set version = version + 1, changed_at = clock_timestamp()
    where plan = ${plan.id} and state <> 'deleted'
    returning *`;
  for (const tenant of tenants) change.tenantConfig(tenantRecord(tenant, plan));
  const action = before === undefined ? "created" : "replaced";
  change.audit({
    tenant: owner,
    action: `plan.${action}`,
    object_kind: "plan",
    object_id: plan.id,
    detail: { before: before ?? null, after: plan, tenants: tenants.length },
  });
  return action;
}
