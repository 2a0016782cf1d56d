/** Doubts that can be decided, and receipts that speak of items whose doubt is over. Parts of the poll. */
import type { Item, Reason } from "../item.ts";
import type { Arrived, Doubt, PollRequest } from "../store.ts";
import { readFence, type Schedule } from "./fence.ts";
import { arrival, finds, type ItemRow, isCancelled, itemColumns, pendingOf, toItem } from "./rows.ts";

export async function readDoubts(schedule: Schedule, request: PollRequest): Promise<Doubt[]> {
  const [open, ended] = await Promise.all([readOpen(schedule, request), readEnded(schedule, request)]);
  return [...open, ...ended];
}

/** Claims of older epochs, doubts whose time has come, and those that a receipt or a person decides. */
async function readOpen({ sql, owner }: Schedule, { fences, limit }: PollRequest): Promise<Doubt[]> {
  const rows = await sql<
    (ItemRow & {
      claim: number;
      claimed_at: number;
      state: "orphaned" | "in_doubt";
      due: boolean;
      wish: Doubt["wish"];
      cancelled: boolean;
      echo_outcome: "sent" | "failed" | null;
      echo_id: string;
      echo_reason: Reason | null;
      echo_at: number;
    })[]
  >`
    with ${readFence({ sql, owner }, fences)}
    select ${itemColumns(sql)}, a.n as claim, a.claimed_at::float8 as claimed_at,
      case when a.state = 'claimed' then 'orphaned' else a.state end as state,
      coalesce(a.resolve_by <= now_ms(), false) as due, w.kind as wish, ${isCancelled(sql)} as cancelled,
      e.outcome as echo_outcome, e.provider_id as echo_id, e.reason as echo_reason, e.at::float8 as echo_at
    from fence f join attempt a on a.shard = f.shard
    cross join ${pendingOf(sql, sql`a.id`)}
    left join echo e on e.id = a.id and e.n = a.n
    left join lateral (
      select c.kind from command c
      where c.id = a.id and c.tenant = p.tenant and c.shard = a.shard and c.n = a.n order by c.kind limit 1) w on true
    where (a.state = 'claimed' and a.epoch < f.epoch)
      or (a.state = 'in_doubt' and (e.id is not null or w.kind is not null or a.resolve_by <= now_ms()))
    limit ${limit}::int`;
  return rows.map((row) => ({
    item: { ...toItem(row), n: row.claim },
    claimedAt: row.claimed_at,
    state: row.state,
    due: row.due,
    echo:
      row.echo_outcome === null
        ? null
        : { outcome: row.echo_outcome, providerId: row.echo_id, reason: row.echo_reason, at: row.echo_at },
    wish: row.wish,
    cancelled: row.cancelled,
  }));
}

/** Those that ended unconfirmed, and of which a receipt or a person says something since. */
async function readEnded(
  { sql, owner }: Schedule,
  { fences, commandsSince, limit }: PollRequest,
): Promise<Doubt[]> {
  const rows = await sql<
    {
      item: Record<string, unknown>;
      payload: string;
      n: number;
      wish: Doubt["wish"];
      cancelled: boolean;
      finished_at: number;
      echo_id: string | null;
      echo_at: number;
    }[]
  >`
    with ${readFence({ sql, owner }, fences)},
    spoken_of as (
      select e.id, e.n, e.shard, e.provider_id as echo_id, e.at as echo_at, null as wish
      from fence f join echo e on e.shard = f.shard where e.outcome = 'sent'
      union all
      select c.id, c.n, c.shard, null, null, c.kind from fence f
      join command c on c.shard = f.shard and c.created_at > ${Math.floor(commandsSince)}::bigint
      where c.n is not null)
    select d.item, d.payload, d.n, d.finished_at::float8 as finished_at, s.wish, s.echo_id, s.echo_at::float8 as echo_at,
      ${finds(
        sql,
        sql`from command c where c.id = d.id and c.tenant = d.item ->> 'tenant' and c.kind = 'cancel' and c.shard = d.shard`,
      )} as cancelled
    from spoken_of s join done d on d.id = s.id and d.n = s.n and d.shard = s.shard
    where d.outcome = 'unconfirmed' and d.item is not null
    -- A receipt first, then what sends nothing.
    order by s.wish nulls first limit ${limit}::int`;
  return rows.map((row) => ({
    item: keptItem(row.item, row.payload, row.n),
    claimedAt: row.echo_id === null ? row.finished_at : row.echo_at,
    state: "unconfirmed",
    due: false,
    echo:
      row.echo_id === null
        ? null
        : { outcome: "sent", providerId: row.echo_id, reason: null, at: row.echo_at },
    wish: row.wish,
    cancelled: row.cancelled,
  }));
}

/** The row of `pending` that `done` kept as JSON; its numbers are JSON's. */
function keptItem(item: Record<string, unknown>, payload: string, n: number): Item {
  return { ...toItem({ ...(item as ItemRow), payload, offset: String(item.offset) }), n };
}

/** Items that wait to be sent again, and need not. */
export async function readArrived(
  { sql, owner }: Schedule,
  { fences, limit }: PollRequest,
): Promise<Arrived[]> {
  const rows = await sql<(ItemRow & { echo_n: number; echo_id: string; echo_at: number })[]>`
    with ${readFence({ sql, owner }, fences)},
    spoken_of as (select distinct e.id from fence f join echo e on e.shard = f.shard where e.outcome = 'sent')
    select ${itemColumns(sql)}, e.n as echo_n, e.provider_id as echo_id, e.at::float8 as echo_at
    from spoken_of s cross join ${pendingOf(sql, sql`s.id`)} cross join ${arrival(sql)} e
    where not exists (select from attempt a where a.id = p.id) limit ${limit}::int`;
  return rows.map((row) => ({ item: toItem(row), n: row.echo_n, providerId: row.echo_id, at: row.echo_at }));
}
