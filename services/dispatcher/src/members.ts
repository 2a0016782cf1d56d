/** From what the directory knows of a session to what the schedule may do with it: pure. */
import type { Directory, Tenant } from "@wamesh/directory";
import { largeTenantSpread } from "@wamesh/events";
import type { Limit, Member } from "@wamesh/pacer";
import { type ProviderName, pairLimits } from "@wamesh/providers";

/** Undefined for a session the directory has not heard of: its messages are held until their time runs out. */
export function memberOf(
  directory: Pick<Directory, "session" | "tenant">,
  sessionId: string,
): Member | undefined {
  const session = directory.session(sessionId);
  if (session === undefined) return undefined;
  const tenant = directory.tenant(session.tenant);
  const common = {
    tenant: session.tenant,
    account: session.account,
    ratePerS: session.rate_per_s,
    weight: Math.max(1, tenant?.record?.plan.weight ?? 1),
    limits: planLimits(tenant),
    pair: pairLimits[session.provider as ProviderName] ?? null,
  };
  if (session.status === "deleted") return { ...common, state: "gone", heldReason: "session_deleted" };
  if (tenant !== undefined && tenant.state !== "active")
    return { ...common, state: "held", heldReason: "tenant_suspended" };
  if (session.status !== "connected")
    return { ...common, state: "held", heldReason: "session_not_connected" };
  return { ...common, state: "open", heldReason: null };
}

/** Of its tenant's plan. A large tenant lies on several shards, and each takes its part: together they stay below the plan. */
function planLimits(tenant: Tenant | undefined): Limit[] {
  const plan = tenant?.record?.plan;
  if (plan === undefined || (plan.per_minute === null && plan.per_day === null)) return [];
  const part = (limit: number | null) =>
    limit === null ? null : Math.max(1, Math.floor(limit / (tenant?.record?.large ? largeTenantSpread : 1)));
  return [{ scope: "tenant", key: tenant!.id, perMinute: part(plan.per_minute), perDay: part(plan.per_day) }];
}
