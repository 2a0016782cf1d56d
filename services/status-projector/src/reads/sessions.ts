/** Sessions with what was observed of them, for one tenant. */
import type { Tx } from "@wamesh/store";
import type { Observed } from "../availability.ts";

export type SessionRow = {
  session: string;
  name: string;
  status: string;
  provider: string;
  account: string;
  phone: string | null;
  rate_per_s: number | null;
  quality: string | null;
  message_limit: string | null;
  last_event_at: Date | null;
  oldest_waiting_at: Date | null;
  changed_at: Date;
};

/** By their ids. A limit may be told of the number or of its account; the later word counts. */
export async function listSessions(
  tx: Tx,
  tenant: string,
  after: string,
  limit: number,
): Promise<SessionRow[]> {
  return await tx<SessionRow[]>`
    select s.session, s.name, s.status, s.provider, s.account, s.phone, s.rate_per_s, s.changed_at,
      (select value from session_fact f
        where f.tenant = s.tenant and f.session = s.session and f.kind = 'quality'
        order by occurred_at desc, event_id desc limit 1) as quality,
      (select value from session_fact f
        where f.tenant = s.tenant and f.session in (s.session, '') and f.account = s.account and f.kind = 'limit'
        order by occurred_at desc, event_id desc limit 1) as message_limit,
      (select occurred_at from session_event e where e.tenant = s.tenant and e.session = s.session
        order by occurred_at desc, event_id desc limit 1) as last_event_at,
      (select first_at from message m
        where m.tenant = s.tenant and m.session = s.session and m.phase = 'waiting'
        order by first_at, message_id limit 1) as oldest_waiting_at
    from session s
    where s.tenant = ${tenant} and s.status <> 'deleted' and s.session > ${after}
    order by s.session limit ${limit}`;
}

/** States observed since `from` (epoch ms) with the last one before it, oldest first, by session. */
export async function readObserved(
  tx: Tx,
  tenant: string,
  sessions: readonly string[],
  from: number,
): Promise<Map<string, Observed[]>> {
  const start = new Date(from);
  const rows = await tx<{ session: string; status: string; occurred_at: Date }[]>`
    select s.id as session, e.status, e.occurred_at
    from unnest(${sessions}::text[]) as s(id)
    cross join lateral (
      (select status, occurred_at, event_id from session_event
        where tenant = ${tenant} and session = s.id and kind = 'status' and occurred_at >= ${start})
      union all
      (select status, occurred_at, event_id from session_event
        where tenant = ${tenant} and session = s.id and kind = 'status' and occurred_at < ${start}
        order by occurred_at desc, event_id desc limit 1)
    ) e
    order by s.id, e.occurred_at, e.event_id`;
  const observed = new Map<string, Observed[]>();
  for (const { session, status, occurred_at } of rows) {
    const known = observed.get(session) ?? [];
    known.push({ status, at: occurred_at.getTime() });
    observed.set(session, known);
  }
  return observed;
}
