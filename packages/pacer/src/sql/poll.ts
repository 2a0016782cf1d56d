/** What time has brought about in the shards of an owner: items due, items to end unsent, doubts that can be decided. */
import type { PollReply, PollRequest } from "../store.ts";
import { readArrived, readDoubts } from "./doubts.ts";
import { readFence, type Schedule, shardsOf } from "./fence.ts";
import {
  type HeadRow,
  headColumns,
  type ItemRow,
  isBehind,
  itemColumns,
  itsShard,
  pendingOf,
  timeNow,
  toHead,
  toItem,
} from "./rows.ts";

export async function poll(schedule: Schedule, request: PollRequest): Promise<PollReply> {
  const [fenced, due, doomed, doubts, arrived, inDoubt] = await Promise.all([
    readHeld(schedule, request),
    readDue(schedule, request),
    readDoomed(schedule, request),
    readDoubts(schedule, request),
    readArrived(schedule, request),
    countInDoubt(schedule, request),
  ]);
  return { ...fenced, due, doomed, doubts, arrived, inDoubt };
}

async function readHeld(schedule: Schedule, { fences }: PollRequest) {
  const rows = await schedule.sql<{ shard: number | null; db_now: number }[]>`
    with ${readFence(schedule, fences)}
    select f.shard, now_ms()::float8 as db_now from (values (1)) one (x) left join fence f on true`;
  return { fenced: rows.flatMap((row) => row.shard ?? []), dbNow: rows[0]!.db_now };
}

/** Retries and schedules: the earliest first, so that a full answer can be continued. */
async function readDue(schedule: Schedule, { fences, since, until, limit }: PollRequest) {
  const { sql } = schedule;
  const rows = await sql<HeadRow[]>`
    with ${readFence(schedule, fences)}
    select ${headColumns(sql)} from fence f join pending p on ${itsShard(sql)} = f.shard
    where p.next_at > ${Math.floor(since)}::bigint and p.next_at <= ${Math.floor(until)}::bigint
      and not exists (select from attempt a where a.id = p.id) and not ${isBehind(sql)}
    order by p.next_at limit ${limit}::int`;
  return rows.map(toHead);
}

async function readDoomed(
  schedule: Schedule,
  { fences, gone, cancelled, commandsSince, limit }: PollRequest,
): Promise<PollReply["doomed"]> {
  const { sql } = schedule;
  const unclaimed = sql`not exists (select from attempt a where a.id = p.id)`;
  const rows = await sql<(ItemRow & { why: "expired" | "cancelled" | "gone" })[]>`
    with ${readFence(schedule, fences)},
    expired as (
      select 0 as rank, 'expired' as why, p.id from fence f join pending p on ${itsShard(sql)} = f.shard
      where p.not_after <= ${timeNow(sql)} and ${unclaimed} order by p.not_after limit ${limit}::int),
    cancelled as (
      select 1, 'cancelled', p.id from fence f
      join command c on c.shard = f.shard and c.created_at > ${Math.floor(commandsSince)}::bigint and c.kind = 'cancel'
      join ${pendingOf(sql, sql`c.id`)} on p.shard = c.shard and p.tenant = c.tenant where ${unclaimed} limit ${limit}::int),
    orphans as (
      select 2, 'gone', p.id from fence f cross join unnest(${[...gone]}::text[]) g (member) cross join lateral (
        select p.id from pending p where p.shard = f.shard and p.member = g.member and ${unclaimed}
        limit ${limit}::int) p),
    of_streams as (
      select 1, 'cancelled', p.id from fence f
      join unnest(${shardsOf(cancelled)}::int[], ${cancelled.map((w) => w.member)}::text[],
        ${cancelled.map((w) => w.lane)}::text[], ${cancelled.map((w) => w.stream)}::text[])
        w (shard, member, lane, stream) on w.shard = f.shard
      cross join lateral (
        select p.id from pending p where p.shard = w.shard and p.member = w.member and p.lane = w.lane
          and p.stream = w.stream and ${unclaimed} limit ${limit}::int) p)
    select d.why, ${itemColumns(sql)} from (
      select distinct on (id) why, id from (
        table expired union all table cancelled union all table orphans union all table of_streams) a
      order by id, rank limit ${limit}::int) d
    cross join ${pendingOf(sql, sql`d.id`)}`;
  return rows.map((row) => ({ item: toItem(row), why: row.why }));
}

async function countInDoubt(schedule: Schedule, { fences }: PollRequest) {
  const { sql } = schedule;
  return sql<{ shard: number; tenant: string; count: number }[]>`
    with ${readFence(schedule, fences)}
    select p.shard, p.tenant, count(*)::int as count
    from fence f join attempt a on a.shard = f.shard cross join ${pendingOf(sql, sql`a.id`)}
    where a.state = 'in_doubt' group by p.shard, p.tenant`;
}
