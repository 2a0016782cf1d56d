/** What wa.usage has to be told anew: days whose sums are not those told last. */
import type { Tx } from "@wamesh/store";

export type UsageRow = {
  tenant: string;
  kind: "messages" | "session_day";
  day: string;
  session: string;
  /** Empty: none. */
  category: string;
  provider: string;
  messages: number;
  delivered: number;
  billable: number;
  counted_at: Date;
};

/**
 * Takes down what has changed since it was told, and returns it, `limit` rows at most: to be enqueued in the same transaction.
 * Asked again without a change in between it returns nothing. `from`: first day looked at, YYYY-MM-DD.
 */
export async function countMessages(tx: Tx, from: string, limit: number): Promise<UsageRow[]> {
  return await tx<UsageRow[]>`
    insert into usage_told as told
      (tenant, kind, day, session, category, provider, messages, delivered, billable, counted_at)
    select c.tenant, 'messages', c.day, c.session, c.category, c.provider, c.messages, c.delivered, c.billable,
      clock_timestamp()
    from (
      select tenant, (at at time zone 'UTC')::date as day, session, category, provider,
        sum(sent)::bigint as messages, sum(delivered)::bigint as delivered, sum(billable)::bigint as billable
      from activity where at >= ${from}::date::timestamp at time zone 'UTC'
      group by 1, 2, 3, 4, 5
    ) c
    left join usage_told t on t.tenant = c.tenant and t.kind = 'messages' and t.day = c.day and t.session = c.session
      and t.category = c.category and t.provider = c.provider
    where (c.messages, c.delivered, c.billable) is distinct from
      (coalesce(t.messages, 0), coalesce(t.delivered, 0), coalesce(t.billable, 0))
    order by c.tenant, c.day, c.session, c.category, c.provider limit ${limit}
    on conflict (tenant, kind, day, session, category, provider) do update set messages = excluded.messages,
      delivered = excluded.delivered, billable = excluded.billable,
      counted_at = greatest(excluded.counted_at, told.counted_at + interval '1 ms')
    returning ${columns(tx)}`;
}

/** Sessions that are there now, as of this day, once each. */
export async function countSessions(tx: Tx, day: string, limit: number): Promise<UsageRow[]> {
  return await tx<UsageRow[]>`
    insert into usage_told (tenant, kind, day, session, category, provider, messages, delivered, billable, counted_at)
    select s.tenant, 'session_day', ${day}::date, s.session, '', s.provider, 0, 0, 0, clock_timestamp()
    from session s
    where s.status not in ('created', 'deleted') and not exists (
      select from usage_told t where t.tenant = s.tenant and t.kind = 'session_day' and t.day = ${day}::date
        and t.session = s.session and t.category = '' and t.provider = s.provider)
    order by s.tenant, s.session limit ${limit}
    on conflict do nothing
    returning ${columns(tx)}`;
}

/**
 * Sessions that were there on a day, once each, as the events of their states tell: from the first state but `created` to
 * `deleted`, both days included. Finds those too that were deleted between two looks. `from`, `today`: YYYY-MM-DD.
 */
export async function countPastSessions(
  tx: Tx,
  from: string,
  today: string,
  limit: number,
): Promise<UsageRow[]> {
  return await tx<UsageRow[]>`
    insert into usage_told (tenant, kind, day, session, category, provider, messages, delivered, billable, counted_at)
    select l.tenant, 'session_day', d.day::date, l.session, '', l.provider, 0, 0, 0, clock_timestamp()
    from (
      select s.tenant, s.session, s.provider,
        min(e.occurred_at) filter (where e.status not in ('created', 'deleted')) as began,
        min(e.occurred_at) filter (where e.status = 'deleted') as ended
      from session s join session_event e on e.tenant = s.tenant and e.session = s.session and e.kind = 'status'
      group by s.tenant, s.session
    ) l
    cross join lateral generate_series(
      greatest((l.began at time zone 'UTC')::date, ${from}::date),
      least((l.ended at time zone 'UTC')::date, ${today}::date), interval '1 day') d (day)
    where l.began is not null and not exists (
      select from usage_told t where t.tenant = l.tenant and t.kind = 'session_day' and t.day = d.day::date
        and t.session = l.session and t.category = '' and t.provider = l.provider)
    order by l.tenant, l.session, d.day limit ${limit}
    on conflict do nothing
    returning ${columns(tx)}`;
}

function columns(tx: Tx) {
  return tx`tenant, kind, to_char(day, 'YYYY-MM-DD') as day, session, category, provider, messages, delivered, billable,
    counted_at`;
}
