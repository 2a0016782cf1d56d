/** What time has brought about in the shards of an owner: items due, items to end unsent, doubts that can be decided. */
import type { Item, Reason } from "../item.ts";
import type { Doubt, PollReply, PollRequest } from "../store.ts";
import { readFence, type Schedule, shardsOf } from "./fence.ts";
import { type HeadRow, headColumns, type ItemRow, isBehind, itemColumns, toHead, toItem } from "./rows.ts";

export async function poll(schedule: Schedule, request: PollRequest): Promise<PollReply> {
  const [fenced, due, doomed, doubts, inDoubt] = await Promise.all([
    readHeld(schedule, request),
    readDue(schedule, request),
    readDoomed(schedule, request),
    readDoubts(schedule, request),
    countInDoubt(schedule, request),
  ]);
  return { ...fenced, due, doomed, doubts, inDoubt };
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
    select ${headColumns(sql)} from fence f join pending p on p.shard = f.shard
    where p.next_at > ${Math.floor(since)}::bigint and p.next_at <= ${Math.floor(until)}::bigint
      and not exists (select from attempt a where a.id = p.id) and not ${isBehind(sql)}
    order by p.next_at limit ${limit}::int`;
  return rows.map(toHead);
}

async function readDoomed(
  schedule: Schedule,
  { fences, gone, cancelled, limit }: PollRequest,
): Promise<PollReply["doomed"]> {
  const { sql } = schedule;
  const unclaimed = sql`not exists (select from attempt a where a.id = p.id)`;
  const rows = await sql<(ItemRow & { why: "expired" | "cancelled" | "gone" })[]>`
    with ${readFence(schedule, fences)},
    expired as (
      select 'expired' as why, p.id from fence f cross join lateral (
        select p.id from pending p where p.shard = f.shard and p.not_after <= now_ms() and ${unclaimed}
        order by p.not_after limit ${limit}::int) p),
    cancelled as (
      select 'cancelled', p.id from fence f join command c on c.shard = f.shard and c.kind = 'cancel'
      join pending p on p.id = c.id where ${unclaimed} limit ${limit}::int),
    orphans as (
      select 'gone', p.id from fence f cross join unnest(${[...gone]}::text[]) g (member) cross join lateral (
        select p.id from pending p where p.shard = f.shard and p.member = g.member and ${unclaimed}
        limit ${limit}::int) p),
    of_streams as (
      select 'cancelled', p.id from fence f
      join unnest(${shardsOf(cancelled)}::int[], ${cancelled.map((w) => w.member)}::text[],
        ${cancelled.map((w) => w.lane)}::text[], ${cancelled.map((w) => w.stream)}::text[])
        w (shard, member, lane, stream) on w.shard = f.shard
      cross join lateral (
        select p.id from pending p where p.shard = w.shard and p.member = w.member and p.lane = w.lane
          and p.stream = w.stream and ${unclaimed} limit ${limit}::int) p)
    select d.why, ${itemColumns(sql)} from (
      select distinct on (id) why, id from (
        table expired union all table cancelled union all table orphans union all table of_streams) a order by id limit ${limit}::int) d
    join pending p on p.id = d.id`;
  return rows.map((row) => ({ item: toItem(row), why: row.why }));
}

/** Claims of older epochs, doubts whose time has come, and everything a receipt speaks of. */
async function readDoubts(schedule: Schedule, { fences, limit }: PollRequest): Promise<Doubt[]> {
  const { sql } = schedule;
  type Echoed = {
    echo_outcome: "sent" | "failed" | null;
    echo_id: string;
    echo_reason: Reason | null;
    echo_at: number;
  };
  const [open, ended] = await Promise.all([
    sql<
      (ItemRow &
        Echoed & { claim: number; claimed_at: number; state: "orphaned" | "in_doubt"; due: boolean })[]
    >`
      with ${readFence(schedule, fences)}
      select ${itemColumns(sql)}, a.n as claim, a.claimed_at::float8 as claimed_at,
        case when a.state = 'claimed' then 'orphaned' else a.state end as state,
        coalesce(a.resolve_by <= now_ms(), false) as due,
        e.outcome as echo_outcome, e.provider_id as echo_id, e.reason as echo_reason, e.at::float8 as echo_at
      from fence f join attempt a on a.shard = f.shard
      join pending p on p.id = a.id
      left join echo e on e.id = a.id and e.n = a.n
      where (a.state = 'claimed' and a.epoch < f.epoch)
        or (a.state = 'in_doubt' and (e.id is not null or a.resolve_by <= now_ms()))
      limit ${limit}::int`,
    sql<
      { item: Record<string, unknown>; payload: Uint8Array; n: number; echo_id: string; echo_at: number }[]
    >`
      with ${readFence(schedule, fences)}
      select d.item, d.payload, d.n, e.provider_id as echo_id, e.at::float8 as echo_at
      from fence f join echo e on e.shard = f.shard
      join done d on d.id = e.id and d.n = e.n
      where d.outcome = 'unconfirmed' and e.outcome = 'sent' limit ${limit}::int`,
  ]);
  return [
    ...open.map((row) => ({
      item: { ...toItem(row), n: row.claim },
      claimedAt: row.claimed_at,
      state: row.state,
      due: row.due,
      echo:
        row.echo_outcome === null
          ? null
          : { outcome: row.echo_outcome, providerId: row.echo_id, reason: row.echo_reason, at: row.echo_at },
    })),
    ...ended.map((row) => ({
      item: keptItem(row.item, row.payload, row.n),
      claimedAt: row.echo_at,
      state: "unconfirmed" as const,
      due: false,
      echo: { outcome: "sent" as const, providerId: row.echo_id, reason: null, at: row.echo_at },
    })),
  ];
}

/** The row of `pending` that `done` kept as JSON; its numbers are JSON's. */
function keptItem(item: Record<string, unknown>, payload: Uint8Array, n: number): Item {
  return { ...toItem({ ...(item as ItemRow), payload, offset: String(item.offset) }), n };
}

async function countInDoubt(schedule: Schedule, { fences }: PollRequest) {
  const { sql } = schedule;
  return sql<{ shard: number; tenant: string; count: number }[]>`
    with ${readFence(schedule, fences)}
    select p.shard, p.tenant, count(*)::int as count
    from fence f join attempt a on a.shard = f.shard join pending p on p.id = a.id
    where a.state = 'in_doubt' group by p.shard, p.tenant`;
}
