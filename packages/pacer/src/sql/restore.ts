/**
 * Puts a schedule that was set back to an older state where no harm can come of it: what has ended meanwhile ends, what may have
 * been claimed looks as if a dead owner had claimed it. Whoever takes the shard then finds nothing new: claims of an older epoch
 * are in doubt.
 *
 * For a command, while no owner runs; by a role that may write the schema. Twice changes nothing.
 */
import type { Sql, TransactionSql } from "postgres";
import type { Recovery, Restored } from "../core/restored.ts";
import type { Echo, NewItem } from "../item.ts";
import { gateNumber } from "./rows.ts";

export type RestoredRow = Restored & { id: string; tenant: string };

export type Settlement = {
  id: string;
  tenant: string;
  recovery: Recovery;
  /** Where the schedule does not know it: what it would admit. */
  item: NewItem | null;
  /** When it left, if it did. */
  sentAt: number | null;
};

export type RestoredShard = {
  shard: number;
  settlements: readonly Settlement[];
  /** What receipts said of claims that are in doubt. */
  echoes: readonly Echo[];
  /** What was cancelled since. */
  cancelled: readonly { id: string; tenant: string }[];
  /** Until then limits that members share are taken for used up (database's clock). */
  usedUpUntil: number;
};

export class ShardHeld extends Error {
  constructor(shard: number, owner: string) {
    super(`shard ${shard} is held by ${owner}: stop the dispatchers first`);
    this.name = "ShardHeld";
  }
}

/** What waits or is claimed in a shard, as the older state has it. */
export async function restoredItems(sql: Sql, shard: number): Promise<RestoredRow[]> {
  const rows = await sql<
    { id: string; tenant: string; n: number; next_at: number | null; claimed: number | null }[]
  >`
    select p.id, p.tenant, p.n, p.next_at::float8 as next_at, a.n as claimed
    from pending p left join attempt a on a.id = p.id where p.shard = ${shard}`;
  return rows.map(({ next_at: nextAt, ...row }) => ({ ...row, nextAt, isKnown: true }));
}

/** Which of these have ended in the older state already: nothing is left to be done about them. */
export async function endedBefore(sql: Sql, ids: readonly string[]): Promise<Set<string>> {
  const rows = await sql<{ id: string }[]>`
    select distinct d.id from done d where d.id = any(${[...ids]}::text[])`;
  return new Set(rows.map(({ id }) => id));
}

/** In one transaction, or not at all. */
export async function settleRestored(sql: Sql, of: RestoredShard): Promise<void> {
  await sql.begin(async (tx) => {
    const epoch = await lockLease(tx, of.shard);
    await end(tx, of);
    await doubt(tx, of, epoch);
    await wait(tx, of);
    await tx`
      insert into echo (id, n, shard, outcome, provider_id, reason, at)
      select distinct on (e.id, e.n) e.id, e.n, ${of.shard}, e.outcome, e."providerId", e.reason, e.at
      from jsonb_to_recordset(${tx.json(of.echoes as never)}) e
        (id text, n int, outcome text, "providerId" text, reason jsonb, at bigint)
      order by e.id, e.n, e.outcome desc
      on conflict do nothing`;
    await tx`
      insert into command (id, kind, shard, tenant)
      select distinct c.id, 'cancel', ${of.shard}::int, c.tenant
      from jsonb_to_recordset(${tx.json(of.cancelled as never)}) c (id text, tenant text)
      on conflict do nothing`;
    await startPaceAnew(tx, of);
  });
}

/** Nobody may own it, and whoever did last did not hand it over: its pace is not known. */
async function lockLease(tx: TransactionSql, shard: number): Promise<number> {
  await tx`insert into shard_lease (shard) values (${shard}) on conflict do nothing`;
  const [lease] = await tx<{ owner: string | null; held: boolean; epoch: number }[]>`
    select owner, owner is not null and expires_at > clock_timestamp() as held, epoch::float8 as epoch
    from shard_lease where shard = ${shard} for update`;
  if (lease!.held) throw new ShardHeld(shard, lease!.owner ?? "");
  await tx`
    update shard_lease set owner = null, released = false, expires_at = '-infinity' where shard = ${shard}`;
  return lease!.epoch;
}

/** What ended unconfirmed keeps its content where the schedule has it, so that a receipt or a person may still decide. */
async function end(tx: TransactionSql, { shard, settlements }: RestoredShard): Promise<void> {
  const ends = settlements.flatMap(({ id, tenant, recovery, item, sentAt }) =>
    recovery.kind === "end"
      ? [{ ...recovery, id, tenant, sentAt, fingerprint: item?.fingerprint ?? null }]
      : [],
  );
  await tx`
    with ends as materialized (
      select * from jsonb_to_recordset(${tx.json(ends as never)}) e
        (id text, tenant text, outcome text, n int, "providerId" text, fingerprint text, "sentAt" bigint)),
    unclaimed as (delete from attempt a using ends e where a.id = e.id),
    left_queue as (
      delete from pending p using ends e where p.id = e.id
      returning p.id, p.fingerprint, to_jsonb(p) - 'payload' as item, p.payload),
    finished as (
      insert into done (slot, id, shard, outcome, provider_id, n, fingerprint, finished_at, item, payload)
      select done_slot(now_ms()), e.id, ${shard}::int, e.outcome, e."providerId", e.n,
        coalesce(l.fingerprint, e.fingerprint, ''), now_ms(),
        case when e.outcome = 'unconfirmed' then l.item end, case when e.outcome = 'unconfirmed' then l.payload end
      from ends e left join left_queue l on l.id = e.id
      where not exists (select from done d where d.id = e.id)
      returning id),
    -- The day's count of its tenant went back too.
    sent as (
      select e.tenant, e."sentAt" / 86400000 as day, count(*) as sent from finished f join ends e on e.id = f.id
      where e.outcome = 'sent' and e."sentAt" / 86400000 = now_ms() / 86400000 group by 1, 2)
    insert into pace as kept (shard, scope, key, next_arrival, day, day_count)
    select ${shard}::int, 'tenant', tenant, 0, day, sent from sent
    on conflict (shard, scope, key) do update set day = excluded.day,
      day_count = excluded.day_count + case when kept.day = excluded.day then kept.day_count else 0 end`;
}

async function doubt(
  tx: TransactionSql,
  { shard, settlements }: RestoredShard,
  epoch: number,
): Promise<void> {
  const doubts = settlements.flatMap(({ id, recovery, item }) =>
    recovery.kind === "doubt" ? [{ id, n: recovery.n, item }] : [],
  );
  await tx`
    insert into pending (id, shard, tenant, account, member, lane, stream, topic, "offset", conversation, gate, place,
      next_at, not_after, doubt_policy, n, fingerprint, admitted_at, payload)
    select id, shard, tenant, account, member, lane, stream, topic, "offset", conversation, ${gateNumber(tx)},
      greatest(coalesce("nextAt", 0), at), "nextAt", "notAfter", "doubtPolicy", n, fingerprint, at, payload
    from (
      select i.*, i.claim - 1 as n, ${shard}::int as shard, (select now_ms()) as at
      from jsonb_to_recordset(${tx.json(doubts.flatMap(asRow) as never)}) i
        (id text, claim int, tenant text, account text, member text, lane text, stream text, topic text, "offset" bigint,
          conversation text, "nextAt" bigint, "notAfter" bigint, "doubtPolicy" text, fingerprint text, payload text)) i
    on conflict (id) do nothing`;
  await tx`
    with doubts as materialized (
      select * from jsonb_to_recordset(${tx.json(doubts.map(({ id, n }) => ({ id, n })) as never)}) d (id text, n int)),
    numbered as (
      update pending p set n = greatest(p.n, d.n - 1) from doubts d where p.id = d.id)
    insert into attempt (id, shard, epoch, n, claimed_at, state)
    select id, ${shard}::int, ${epoch}::bigint, n, now_ms(), 'claimed' from doubts
    on conflict (id) do update
      set n = excluded.n, epoch = excluded.epoch, state = 'claimed', resolve_by = null`;
}

/** As the schedule would admit it. What is read again later finds it known. */
function asRow({ n, item }: { n: number; item: NewItem | null }): object[] {
  return item === null ? [] : [{ ...item, claim: n, stream: item.stream ?? "", payload: item.payload.text }];
}

async function wait(tx: TransactionSql, { settlements }: RestoredShard): Promise<void> {
  const waits = settlements.flatMap(({ id, recovery }) =>
    recovery.kind === "wait" ? [{ ...recovery, id }] : [],
  );
  await tx`
    with waits as materialized (
      select * from jsonb_to_recordset(${tx.json(waits as never)}) w (id text, n int, "nextAt" bigint, attempts int)),
    unclaimed as (delete from attempt a using waits w where a.id = w.id)
    update pending p set n = w.n, next_at = w."nextAt", attempts = coalesce(w.attempts, p.attempts)
    from waits w where p.id = w.id`;
}

/** As if every member and limit had just been used: who sent when is forgotten. */
async function startPaceAnew(tx: TransactionSql, { shard, usedUpUntil }: RestoredShard): Promise<void> {
  await tx`
    update pace set next_arrival = greatest(next_arrival,
      case when scope in ('tenant', 'account') then ${Math.ceil(usedUpUntil)}::bigint else now_ms() end)
    where shard = ${shard}`;
}
