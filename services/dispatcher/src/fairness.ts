/**
 * How evenly tenants that had something waiting all the time were served between two looks: of each, what left divided by what
 * its waiting sessions could have sent at their pace; of these shares Jain's index. Pure.
 */
import { jain, type Snapshot } from "@wamesh/pacer";

type Look = Pick<Snapshot, "perTenant" | "members">;

/** Null when no tenant waited, or no time passed. */
export function fairness(before: Look, after: Look, seconds: number): number | null {
  if (seconds <= 0) return null;
  const earlier = new Map(before.perTenant.map((one) => [keyOf(one), one]));
  const paces = new Map<string, number>();
  for (const member of after.members)
    if (member.heldReason === null && waiting(member.queued) > 0)
      paces.set(keyOf(member), (paces.get(keyOf(member)) ?? 0) + member.effectiveRatePerS);
  const shares = after.perTenant.flatMap((one) => {
    const then = earlier.get(keyOf(one));
    const pace = paces.get(keyOf(one)) ?? 0;
    if (then === undefined || pace === 0 || waiting(then.queued) === 0) return [];
    return [Math.min(1, Math.max(0, one.sentTotal - then.sentTotal) / (pace * seconds))];
  });
  return jain(shares);
}

function keyOf({ shard, tenant }: { shard: number; tenant: string }): string {
  return `${shard} ${tenant}`;
}

function waiting(queued: { otp: number; standard: number; bulk: number }): number {
  return queued.otp + queued.standard + queued.bulk;
}
