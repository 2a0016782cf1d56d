/** Remembers up to where events are published, and deletes what lies below. */
import type { Fence, Reply } from "../store.ts";
import { lockedFence, type Schedule, shardsOf } from "./fence.ts";

export async function watermark(
  schedule: Schedule,
  { marks }: { marks: readonly (Fence & { seq: number })[] },
): Promise<Reply> {
  const rows = await schedule.sql<{ shard: number; db_now: number }[]>`
    with ${lockedFence(schedule, marks)},
    marks as (
      select f.shard, m.seq, l.published_seq as since from fence f join shard_lease l on l.shard = f.shard
      join unnest(${shardsOf(marks)}::int[], ${marks.map((m) => m.seq)}::bigint[]) m (shard, seq) on m.shard = f.shard),
    -- Nothing is left below the old mark, and a scan from there does not wade through what was deleted before.
    deleted as (delete from outbox o using marks m where o.shard = m.shard and o.seq > m.since and o.seq <= m.seq)
    update shard_lease l set published_seq = greatest(l.published_seq, m.seq)
    from marks m where l.shard = m.shard
    returning l.shard, now_ms()::float8 as db_now`;
  return { fenced: shardsOf(rows), dbNow: rows[0]?.db_now ?? Number.NaN };
}
