/**
 * What became of a batch, in one statement: claims end, items leave or go back, their ends are remembered, their events are
 * put into the outbox. A step that does not match its claim any more is not done at all, so its second run is harmless.
 */
import type { Fence, OutcomeReply, OutcomeStep } from "../store.ts";
import { column, pack } from "./columns.ts";
import { lockedFence, type Schedule, shardsOf } from "./fence.ts";
import { finds, itsShard } from "./rows.ts";

/** What a person decided to send again has its own time to live once more, and no less than this. */
export const leastRenewedMs = 300_000;

export async function outcome(
  schedule: Schedule,
  { fences, steps }: { fences: readonly Fence[]; steps: readonly OutcomeStep[] },
): Promise<OutcomeReply> {
  const { sql } = schedule;
  const events = pack(
    sql,
    steps.map((step) => step.event),
  );
  const rows = await sql<{ shard: number; db_now: number; ord: number | null }[]>`
    with ${lockedFence(schedule, fences)},
    given as materialized (
      select s.* from unnest(${column(shardsOf(steps))}::int[], ${column(steps.map((s) => s.id))}::text[],
        ${column(steps.map((s) => s.n))}::int[], ${column(steps.map((s) => s.op))}::text[],
        ${column(steps.map((s) => (s.op === "done" ? s.outcome : null)))}::text[],
        ${column(steps.map((s) => (s.op === "done" || s.op === "correct" ? s.providerId : null)))}::text[],
        ${column(steps.map((s) => (s.op === "requeue" || s.op === "reopen" ? Math.ceil(s.nextAt) : null)))}::bigint[],
        ${column(steps.map((s) => (s.op === "requeue" || s.op === "reopen" ? s.attempts : null)))}::int[],
        ${column(steps.map((s) => s.op === "reopen" || (s.op === "requeue" && s.decided === true)))}::boolean[],
        ${column(steps.map((s) => (s.op === "doubt" ? Math.ceil(s.resolveBy) : null)))}::bigint[],
        ${column(steps.map((s) => (s.op === "release" ? s.epoch : null)))}::bigint[],
        ${column(steps.map((s) => s.seq))}::bigint[], ${column(events.begins)}::int[],
        ${column(events.sizes)}::int[])
        with ordinality s (shard, id, n, op, outcome, provider_id, next_at, attempts, decided, resolve_by, claim_epoch,
          seq, event_begin, event_size, ord)
      join fence f on f.shard = s.shard),
    -- In a step of its own: in the join above it would be looked up once for each shard.
    steps as materialized (
      -- What leaves or goes back is found here, by its id, and changed below by its place: a join by id the planner may begin
      -- with the whole of pending, when it believes that it holds one row.
      select s.*, case when s.op in ('done', 'requeue', 'release')
        then (select p.ctid from pending p where p.id = s.id) end as place
      from given s where case
        when s.op in ('correct', 'reopen', 'forget') then ${finds(
          sql,
          sql`from done d where d.id = s.id and d.shard = s.shard and d.n = s.n and d.outcome = 'unconfirmed'
            and d.item is not null`,
        )}
        when s.n = 0 then ${finds(sql, sql`from pending p where p.id = s.id and ${itsShard(sql)} = s.shard`)}
          and not ${finds(sql, sql`from attempt a where a.id = s.id`)}
        else ${finds(
          sql,
          sql`from attempt a where a.id = s.id and a.n = s.n and a.shard = s.shard
            and (s.op <> 'doubt' or a.state = 'claimed') and (s.op <> 'release' or a.epoch = s.claim_epoch)`,
        )} end),
    unclaimed as (
      delete from attempt a using steps s
      where a.id = s.id and s.n > 0 and s.op in ('done', 'requeue', 'release')),
    doubted as (
      update attempt a set state = 'in_doubt', resolve_by = s.resolve_by
      from steps s where a.id = s.id and s.op = 'doubt'),
    back as (
      update pending p set n = s.n, attempts = coalesce(s.attempts, p.attempts),
        next_at = case when s.op = 'requeue' then s.next_at else p.next_at end,
        not_after = case when s.decided
          then greatest(p.not_after, s.next_at + greatest(p.not_after - p.place, ${leastRenewedMs}::bigint))
          else p.not_after end
      from steps s where p.ctid = s.place and s.op in ('requeue', 'release')),
    left_queue as (
      delete from pending p using steps s where p.ctid = s.place and s.op = 'done'
      returning p.id, p.shard, s.outcome, s.provider_id, greatest(s.n, p.n) as n, p.fingerprint,
        case when s.outcome = 'unconfirmed' then to_jsonb(p) - 'payload' end as item,
        case when s.outcome = 'unconfirmed' then p.payload end as payload),
    finished as (
      insert into done (slot, id, shard, outcome, provider_id, n, fingerprint, finished_at, item, payload)
      select done_slot(now_ms()), id, shard, outcome, provider_id, n, fingerprint, now_ms(), item, payload
      from left_queue
      on conflict do nothing),
    corrected as (
      update done d set outcome = 'sent', provider_id = s.provider_id, item = null, payload = null
      from steps s where d.id = s.id and s.op = 'correct'),
    reopened as (
      insert into pending (id, shard, tenant, account, member, lane, stream, topic, "offset", conversation, gate, place,
        next_at, not_after, doubt_policy, attempts, n, fingerprint, admitted_at, payload)
      select k.id, k.shard, k.tenant, k.account, k.member, k.lane, k.stream, k.topic, k."offset", k.conversation, k.gate,
        s.next_at, s.next_at, s.next_at + greatest(k.not_after - k.place, ${leastRenewedMs}::bigint), k.doubt_policy,
        s.attempts, d.n, k.fingerprint, k.admitted_at, d.payload
      from steps s join done d on d.id = s.id cross join lateral jsonb_populate_record(null::pending, d.item) k
      where s.op = 'reopen'),
    undone as (delete from done d using steps s where d.id = s.id and s.op = 'reopen'),
    forgotten as (
      update done d set item = null, payload = null from steps s where d.id = s.id and s.op = 'forget'),
    used_up as (
      update command c set n = null from steps s
      where c.id = s.id and c.shard = s.shard and c.kind = 'resend' and c.n = s.n and s.decided),
    -- A receipt that came just as its message ended unconfirmed is still to correct it.
    heard as (
      delete from echo e using steps s
      where e.id = s.id and (s.op = 'correct' or (s.op = 'done' and s.outcome <> 'unconfirmed'))),
    published as (
      insert into outbox (shard, seq, event)
      select s.shard, s.seq, substring(${events.bytes} from s.event_begin for s.event_size)
      from steps s where s.event_begin is not null)
    select f.shard, now_ms()::float8 as db_now, s.ord::int as ord from fence f left join steps s on s.shard = f.shard`;
  return {
    fenced: [...new Set(shardsOf(rows))],
    dbNow: rows[0]?.db_now ?? Number.NaN,
    matched: rows.flatMap((row) => (row.ord === null ? [] : [row.ord - 1])),
  };
}
