/** Rows of `pending` as items and heads. Numbers come as float8, whatever the pool makes of bigint: exact below 2^53. */
import type { Fragment, ISql, Sql } from "postgres";
import type { Item, Lane } from "../item.ts";
import type { Head } from "../store.ts";

/** Of `pending p`. */
export function itemColumns(sql: Sql): Fragment {
  return sql`p.id, p.shard, p.tenant, p.account, p.member, p.lane, p.stream, p.topic, p."offset"::text as "offset",
    p.conversation, p.next_at::float8 as next_at, p.not_after::float8 as not_after, p.doubt_policy, p.attempts, p.n,
    p.fingerprint, p.admitted_at::float8 as admitted_at, p.payload`;
}

export type ItemRow = {
  id: string;
  shard: number;
  tenant: string;
  account: string;
  member: string;
  lane: Lane;
  stream: string;
  topic: string;
  offset: string;
  conversation: string;
  next_at: number | null;
  not_after: number;
  doubt_policy: "fail_unknown" | "resend";
  attempts: number;
  n: number;
  fingerprint: string;
  admitted_at: number;
  payload: string;
};

export function toItem(row: ItemRow): Item {
  return {
    id: row.id,
    shard: row.shard,
    tenant: row.tenant,
    account: row.account,
    member: row.member,
    lane: row.lane,
    stream: row.stream === "" ? null : row.stream,
    topic: row.topic,
    offset: row.offset,
    conversation: row.conversation,
    nextAt: row.next_at,
    notAfter: row.not_after,
    doubtPolicy: row.doubt_policy,
    attempts: row.attempts,
    n: row.n,
    fingerprint: row.fingerprint,
    admittedAt: row.admitted_at,
    payload: { text: row.payload },
  };
}

/** Of `pending p`. */
export function headColumns(sql: Sql): Fragment {
  return sql`p.id, p.shard, p.tenant, p.member, p.lane, p.stream, p.place::float8 as place,
    p."offset"::float8 as "offset", p.n, p.next_at::float8 as next_at`;
}

export type HeadRow = {
  id: string;
  shard: number;
  tenant: string;
  member: string;
  lane: Lane;
  stream: string;
  place: number;
  offset: number;
  n: number;
  next_at: number | null;
};

export function toHead(row: HeadRow): Head {
  const { id, shard, tenant, member, lane, stream, place, offset, n } = row;
  return { id, shard, tenant, member, lane, stream, place, offset, n, nextAt: row.next_at };
}

/**
 * Whether a look-up finds a row; `from …` with its condition. Not `exists`: the planner may answer that by reading the whole
 * table once into a hash, which is what it does where statistics say little, and the tables are not small for long.
 */
export function finds(sql: Sql, from: Fragment): Fragment {
  return sql`((select true ${from} limit 1) is not null)`;
}

/**
 * The shard of `pending p`, found by its id or a time. No index may serve this condition: statistics of a moment in which the
 * table was empty make one that begins with the shard look as good as the right one, and it reads all that waits.
 */
export function itsShard(sql: Sql): Fragment {
  return sql`(p.shard + 0)`;
}

/**
 * `pending p` of an id, to be joined laterally. The `offset` keeps it a look-up: joined as a table, the planner may begin with
 * it, believing that it holds one row, and read it through.
 */
export function pendingOf(sql: Sql, id: Fragment): Fragment {
  return sql`lateral (select * from pending p where p.id = ${id} offset 0) p`;
}

/** To bound an index scan: a volatile function can't, and every row would be read and asked. */
export function timeNow(sql: Sql): Fragment {
  return sql`(select now_ms())`;
}

/** Whether an item of the same gate stands before `pending p`. */
export function isBehind(sql: Sql): Fragment {
  const before = sql`from pending q where q.gate = p.gate and (q.place, q."offset") < (p.place, p."offset")`;
  return sql`(p.gate is not null and ${finds(sql, before)})`;
}

/** Whether the tenant of `pending p` has cancelled it. */
export function isCancelled(sql: Sql): Fragment {
  return finds(
    sql,
    sql`from command c where c.id = p.id and c.tenant = p.tenant and c.kind = 'cancel' and c.shard = p.shard`,
  );
}

/** The newest receipt that says that an earlier claim of `pending p` was sent. */
export function arrival(sql: Sql): Fragment {
  return sql`lateral (
    select e.n, e.provider_id, e.at from echo e
    where p.n > 0 and e.id = p.id and e.n <= p.n and e.outcome = 'sent' order by e.n desc limit 1)`;
}

/** The gate's number: an otp has none. Needs `lane`, `conversation` and `shard` in scope. */
export function gateNumber(sql: ISql): Fragment {
  return sql`case when lane = 'otp' then null else hashtextextended(lane || ' ' || conversation, shard) end`;
}
