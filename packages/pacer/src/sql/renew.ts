/** Prolongs leases that still hold: a plain update, which no claim under way delays. */
import type { Fence, Reply } from "../store.ts";
import { epochsOf, type Schedule, shardsOf } from "./fence.ts";

export async function renew(
  { sql, owner }: Schedule,
  { fences, leaseMs }: { fences: readonly Fence[]; leaseMs: number },
): Promise<Reply> {
  const rows = await sql<{ shard: number; db_now: number }[]>`
    update shard_lease l set expires_at = clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'
    from unnest(${shardsOf(fences)}::int[], ${epochsOf(fences)}::bigint[]) f (shard, epoch)
    where l.shard = f.shard and l.epoch = f.epoch and l.owner = ${owner} and l.expires_at > clock_timestamp()
    returning l.shard, now_ms()::float8 as db_now`;
  return { fenced: shardsOf(rows), dbNow: rows[0]?.db_now ?? Number.NaN };
}
