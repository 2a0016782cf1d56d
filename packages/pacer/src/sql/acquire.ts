/** Takes a free or expired lease under a new epoch, then reads what its owner has to know. */
import type { Lane } from "../item.ts";
import type { Acquired, PaceRow } from "../store.ts";
import type { Schedule } from "./fence.ts";

export async function acquire(
  { sql, owner }: Schedule,
  { shard, leaseMs }: { shard: number; leaseMs: number },
): Promise<Acquired | null> {
  await sql`insert into shard_lease (shard) values (${shard}) on conflict do nothing`;
  // FOR UPDATE first: the update alone would not conflict with the KEY SHARE locks of claims that are still under way. Our
  // own lease is taken too: after a statement whose fate is unknown the new epoch shuts it out; and that of a former start of this
  // instance, which ended without giving it back.
  const [lease] = await sql<{ epoch: number; clean: boolean; published_seq: number; db_now: number }[]>`
    with free as materialized (
      select shard, released from shard_lease
      where shard = ${shard} and (owner is null or expires_at <= clock_timestamp()
        or regexp_replace(owner, '/[^/]*$', '') = ${instanceOf(owner)})
      for update)
    update shard_lease l
    set owner = ${owner}, epoch = l.epoch + 1, released = false,
      expires_at = clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'
    from free where l.shard = free.shard
    returning l.epoch::float8 as epoch, free.released as clean, l.published_seq::float8 as published_seq,
      now_ms()::float8 as db_now`;
  if (lease === undefined) return null;
  // New statements, so new snapshots: they see all that was committed under the old epoch.
  const [[outbox], windows, pace] = await Promise.all([
    sql<
      { last_seq: number | null }[]
    >`select max(seq)::float8 as last_seq from outbox where shard = ${shard}`,
    sql<{ member: string; lane: Lane; stream: string; tenant: string; count: number }[]>`
      select member, lane, stream, min(tenant) as tenant, count(*)::float8 as count
      from pending where shard = ${shard} group by member, lane, stream`,
    sql<(Omit<PaceRow, "nextArrival" | "dayCount"> & { next_arrival: number; day_count: number })[]>`
      select shard, scope, key, next_arrival::float8 as next_arrival, day, day_count, factor from pace
      where shard = ${shard} and (next_arrival > now_ms() - 60000 or day = now_ms() / 86400000
        or scope = 'stream' and next_arrival > now_ms() - 86400000)`,
  ]);
  return {
    epoch: lease.epoch,
    dbNow: lease.db_now,
    cleanHandOver: lease.clean,
    publishedSeq: lease.published_seq,
    lastSeq: Math.max(outbox?.last_seq ?? 0, lease.published_seq),
    windows: windows.map((row) => ({ shard, ...row })),
    pace: pace.map(({ next_arrival, day_count, ...row }) => {
      return { ...row, nextArrival: next_arrival, dayCount: day_count };
    }),
  };
}

/** Without a start in it: the owner itself. */
function instanceOf(owner: string): string {
  return owner.replace(/\/[^/]*$/, "");
}
