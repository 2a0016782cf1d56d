/** Takes a batch of a topic partition into the schedule: the items, their first events and the cursor, or nothing. */
import type { AdmitRequest, Reply, Verdict } from "../store.ts";
import { column, pack, packText } from "./columns.ts";
import { lockedFence, type Schedule } from "./fence.ts";
import { finds, gateNumber } from "./rows.ts";

type Row = {
  fenced: boolean;
  db_now: number;
  ord: number | null;
  below: boolean | null;
  known_fingerprint: string | null;
  place: number | null;
  head: boolean | null;
  cancelled: boolean | null;
};

/**
 * The second delivery is harmless: offsets below the cursor are dropped, and known ids are not inserted again. The lock on
 * the cursor also makes a process wait that admits the same partition without knowing that it lost it.
 */
export async function admit(
  schedule: Schedule,
  request: AdmitRequest,
): Promise<Reply & { verdicts: Verdict[] }> {
  const { sql } = schedule;
  const { fence, items, events, cluster, topic, partition } = request;
  const { shard } = fence;
  const payloads = packText(
    sql,
    items.map((item) => item.payload.text),
  );
  const outgoing = pack(sql, events);
  // After a step back of the clock (a fail-over to another host) new messages keep their place behind older ones, unless
  // the step is so large that waiting for it would be worse.
  const at = Math.floor(request.admittedAt);
  const rows = await sql<Row[]>`
    with ${lockedFence(schedule, [fence])},
    cursor as materialized (
      select next_offset, last_at from admit_cursor
      where cluster = ${cluster} and topic = ${topic} and partition = ${partition} for update),
    base as materialized (
      select greatest(${at}::bigint, least(coalesce((select last_at from cursor), 0), ${at}::bigint + 5000)) as at,
        coalesce((select next_offset from cursor), 0) as next_offset
      from fence),
    input as materialized (
      select *, ${shard}::int as shard from unnest(
        ${column(items.map((i) => i.id))}::text[], ${column(items.map((i) => i.tenant))}::text[],
        ${column(items.map((i) => i.account))}::text[], ${column(items.map((i) => i.member))}::text[],
        ${column(items.map((i) => i.lane))}::text[], ${column(items.map((i) => i.stream ?? ""))}::text[],
        ${column(items.map((i) => i.offset))}::bigint[], ${column(items.map((i) => i.conversation))}::text[],
        ${column(items.map((i) => i.nextAt))}::bigint[], ${column(items.map((i) => i.notAfter))}::bigint[],
        ${column(items.map((i) => i.doubtPolicy))}::text[], ${column(items.map((i) => i.fingerprint))}::text[],
        ${column(payloads.begins)}::int[], ${column(payloads.sizes)}::int[],
        ${column(outgoing.begins)}::int[], ${column(outgoing.sizes)}::int[]
      ) with ordinality i (id, tenant, account, member, lane, stream, "offset", conversation, next_at, not_after,
        doubt_policy, fingerprint, payload_begin, payload_size, event_begin, event_size, ord)),
    looked_up as materialized (
      select i.*, b.at, greatest(coalesce(i.next_at, 0), b.at) as place, ${gateNumber(sql)} as gate,
        i."offset" < b.next_offset as below,
        coalesce((select p.fingerprint from pending p where p.id = i.id),
          (select d.fingerprint from done d where d.id = i.id limit 1)) as known_fingerprint,
        ${finds(
          sql,
          sql`from command c where c.id = i.id and c.tenant = i.tenant and c.kind = 'cancel' and c.shard = i.shard`,
        )} as cancelled
      from base b cross join input i),
    placed as materialized (
      select l.*, not l.below and l.known_fingerprint is null as fresh,
        l.gate is null or (
          row_number() over (
            partition by l.gate, l.below, l.known_fingerprint is null order by l.place, l."offset") = 1
          and not ${finds(
            sql,
            sql`from pending q where q.gate = l.gate and (q.place, q."offset") < (l.place, l."offset")`,
          )}) as head
      from looked_up l),
    -- An id that another shard admits at this very moment fails the statement; the next try finds it known.
    inserted as (
      insert into pending (id, shard, tenant, account, member, lane, stream, topic, "offset", conversation, gate, place,
        next_at, not_after, doubt_policy, fingerprint, admitted_at, payload)
      select id, shard, tenant, account, member, lane, stream, ${topic}, "offset", conversation, gate, place,
        case when next_at > at then next_at end, not_after, doubt_policy, fingerprint, ${at}::bigint,
        convert_from(substring(${payloads.bytes} from payload_begin for payload_size), 'UTF8')
      from placed where fresh),
    published as (
      insert into outbox (shard, seq, event)
      select shard, ${request.firstSeq}::bigint + ord - 1,
        substring(${outgoing.bytes} from event_begin for event_size)
      from placed where fresh),
    advanced as (
      insert into admit_cursor as kept (cluster, topic, partition, next_offset, last_at)
      select ${cluster}, ${topic}, ${partition}::int, ${request.nextOffset}::bigint, b.at from base b
      on conflict (cluster, topic, partition) do update
        set next_offset = greatest(kept.next_offset, excluded.next_offset), last_at = excluded.last_at)
    select exists (select from fence) as fenced, now_ms()::float8 as db_now, p.ord::int as ord, p.below,
      p.known_fingerprint, p.place::float8 as place, p.head, p.cancelled
    from (values (1)) one (x) left join placed p on true`;
  const verdicts: Verdict[] = items.map(() => ({ kind: "known" }));
  for (const row of rows) {
    if (row.ord === null) continue;
    const item = items[row.ord - 1]!;
    if (row.below) verdicts[row.ord - 1] = { kind: "below_cursor" };
    else if (row.known_fingerprint !== null && row.known_fingerprint !== item.fingerprint)
      verdicts[row.ord - 1] = { kind: "conflict" };
    else if (row.known_fingerprint === null)
      verdicts[row.ord - 1] = {
        kind: "new",
        head: row.head!,
        cancelled: row.cancelled!,
        place: row.place!,
        offset: Number(item.offset),
      };
  }
  return { fenced: rows[0]!.fenced ? [shard] : [], dbNow: rows[0]!.db_now, verdicts };
}
