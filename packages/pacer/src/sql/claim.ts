/** Claim before send: the durable row without which nothing leaves. Its primary key refuses a second claim. */
import type { ClaimReply, ClaimRequest } from "../store.ts";
import { column } from "./columns.ts";
import { lockedFence, type Schedule, shardsOf } from "./fence.ts";
import { upsertPace } from "./pace.ts";
import {
  arrival,
  finds,
  type ItemRow,
  isBehind,
  isCancelled,
  itemColumns,
  pendingOf,
  toItem,
} from "./rows.ts";

export async function claim(schedule: Schedule, { fences, items, pace }: ClaimRequest): Promise<ClaimReply> {
  const { sql } = schedule;
  const rows = await sql<
    (ItemRow & {
      fence_shard: number;
      db_now: number;
      verdict: string | null;
      claim: number;
      claimed_at: number;
      echo_n: number;
      echo_id: string;
      echo_at: number;
    })[]
  >`
    with ${lockedFence(schedule, fences)}
    ${upsertPace(sql, pace)},
    wanted as materialized (
      select ${itemColumns(sql)}, f.epoch, now_ms() as claimed_at, e.n as echo_n, e.provider_id as echo_id,
        e.at as echo_at, case
        when ${finds(sql, sql`from attempt a where a.id = p.id`)} then 'taken'
        when ${finds(sql, sql`from done d where d.id = p.id`)} then 'taken'
        when e.n is not null then 'arrived'
        when ${isCancelled(sql)} then 'cancelled'
        when p.not_after <= now_ms() then 'expired'
        when p.next_at > now_ms() then 'early'
        when ${isBehind(sql)} then 'behind'
        else 'free' end as verdict
      from unnest(${column(shardsOf(items))}::int[], ${column(items.map((i) => i.id))}::text[]) w (shard, id)
      join fence f on f.shard = w.shard
      join ${pendingOf(sql, sql`w.id`)} on p.shard = w.shard
      left join ${arrival(sql)} e on true),
    -- A second claim of the same message fails the statement: then nothing of it is claimed, and nothing is sent.
    taken as (
      insert into attempt (id, shard, epoch, n, claimed_at, state)
      select id, shard, epoch, n + 1, claimed_at, 'claimed' from wanted where verdict = 'free')
    select f.shard as fence_shard, now_ms()::float8 as db_now, w.id, w.shard, w.tenant, w.account, w.member, w.lane,
      w.stream, w.topic, w."offset", w.conversation, w.next_at, w.not_after, w.doubt_policy, w.attempts, w.n,
      w.fingerprint, w.admitted_at, w.payload, w.verdict, w.claimed_at::float8 as claimed_at, w.echo_n, w.echo_id,
      w.echo_at::float8 as echo_at
    from fence f left join wanted w on w.shard = f.shard and w.verdict in ('free', 'arrived', 'cancelled', 'expired')`;
  const reply: ClaimReply = {
    fenced: [...new Set(rows.map((row) => row.fence_shard))],
    dbNow: rows[0]?.db_now ?? Number.NaN,
    claimed: [],
    expired: [],
    cancelled: [],
    arrived: [],
  };
  for (const row of rows) {
    if (row.verdict === "free")
      reply.claimed.push({ item: { ...toItem(row), n: row.n + 1 }, claimedAt: row.claimed_at });
    else if (row.verdict === "expired") reply.expired.push(toItem(row));
    else if (row.verdict === "cancelled") reply.cancelled.push(toItem(row));
    else if (row.verdict === "arrived")
      reply.arrived.push({ item: toItem(row), n: row.echo_n, providerId: row.echo_id, at: row.echo_at });
  }
  return reply;
}
