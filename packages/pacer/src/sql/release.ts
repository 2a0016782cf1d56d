/** Hands shards over: free at once, with the exact pace of their members. */
import type { Fence, PaceRow } from "../store.ts";
import { lockedFence, type Schedule, shardsOf } from "./fence.ts";
import { upsertPace } from "./pace.ts";

export async function release(
  schedule: Schedule,
  { fences, pace }: { fences: readonly Fence[]; pace: readonly PaceRow[] },
): Promise<void> {
  const { sql, owner } = schedule;
  if (pace.length > 0)
    await sql`with ${lockedFence(schedule, fences)} ${upsertPace(sql, pace)} select from fence`;
  await sql`update shard_lease l set owner = null, released = true, expires_at = '-infinity'
    from unnest(${shardsOf(fences)}::int[], ${fences.map((f) => f.epoch)}::bigint[]) f (shard, epoch)
    where l.shard = f.shard and l.epoch = f.epoch and l.owner = ${owner}`;
}
