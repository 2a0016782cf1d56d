/** From what the directory knows of a session to what the schedule may do with it: pure. */
import type { Directory } from "@wamesh/directory";
import type { Member } from "@wamesh/pacer";

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
  };
  if (session.status === "deleted") return { ...common, state: "gone", heldReason: "session_deleted" };
  if (tenant !== undefined && tenant.state !== "active")
    return { ...common, state: "held", heldReason: "tenant_suspended" };
  if (session.status !== "connected")
    return { ...common, state: "held", heldReason: "session_not_connected" };
  return { ...common, state: "open", heldReason: null };
}
