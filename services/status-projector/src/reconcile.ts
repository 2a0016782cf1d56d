/** Names every message that does not add up, and every sum that its rows do not bear out. Reads only. */
import type { Sql, Tx } from "@wamesh/store";

export type Finding = { kind: Kind; tenant: string; object: string; text: string };

export const kinds = {
  unheard: "accepted, and no word came back: neither waiting, doubtful, final nor given up",
  unaccepted: "heard of, but its acceptance was never read",
  overdue: "still waiting after the time at which it should have expired",
  stuck: "claimed, and no outcome followed",
  no_history: "where it stands is not in its history",
  counter: "a counter of a tenant is not what the messages add up to",
  ledger: "an hour of the ledger is not what the messages add up to",
} as const;
export type Kind = keyof typeof kinds;

export type Reconciliation = {
  messages: number;
  accepted: number;
  final: number;
  waiting: number;
  doubtful: number;
  /** Accepted and then given up by a service: accounted for, in wa.dead. */
  dead: number;
  /** Accepted within the grace, and no word came back yet. */
  fresh: number;
  findings: Finding[];
};

/** A claim's outcome comes within seconds; the dispatcher that died is replaced within fifteen. */
const stuckMs = 15 * 60_000;

/** `now` in epoch ms. What is younger than `graceMs` may be on its way. `limit`: of findings of one kind. */
export async function reconcile(
  sql: Sql,
  options: { now: number; graceMs: number; limit: number },
): Promise<Reconciliation> {
  const { now, graceMs, limit } = options;
  const before = new Date(now - graceMs);
  // One moment for all questions, and as long as they take.
  return (await sql.begin("isolation level repeatable read read only", async (tx) => {
    await tx`select set_config('app.tenants', '*', true), set_config('statement_timeout', '0', true)`;
    const [sums] = await tx<Omit<Reconciliation, "findings">[]>`
      select count(*) as messages, count(accepted_at) as accepted,
        count(*) filter (where status in ('sent', 'delivered', 'read', 'played', 'failed', 'expired', 'cancelled')) as final,
        count(*) filter (where status in ('queued', 'claimed')) as waiting,
        count(*) filter (where status in ('in_doubt', 'unconfirmed')) as doubtful,
        count(*) filter (where status = 'accepted' and dead) as dead,
        count(*) filter (where status = 'accepted' and not dead and accepted_at >= ${before}) as fresh
      from (select status, accepted_at, status = 'accepted' and ${isDead(tx)} as dead from message m
        where status is not null) m`;
    const findings = [
      ...(await messages(
        tx,
        "unheard",
        tx`status = 'accepted' and accepted_at < ${before} and not ${isDead(tx)}`,
      )),
      ...(await messages(
        tx,
        "unaccepted",
        tx`status is not null and accepted_at is null and first_at < ${before}`,
      )),
      ...(await messages(tx, "overdue", tx`status = 'queued' and not_after < ${before}`)),
      ...(await messages(tx, "stuck", tx`status = 'claimed' and state_at < ${new Date(now - stuckMs)}`)),
      ...(await messages(
        tx,
        "no_history",
        tx`status is not null and not exists (
          select from message_event e where e.tenant = m.tenant and e.event_id = m.state_event)`,
      )),
      ...(await wrongCounters(tx)),
      ...(await wrongLedger(tx)),
    ];
    return { ...sums!, findings };
  })) as Reconciliation;

  async function messages(tx: Tx, kind: Kind, where: ReturnType<Tx>): Promise<Finding[]> {
    const rows = await tx<{ tenant: string; id: string; status: string; session: string | null; at: Date }[]>`
      select tenant, message_id::text as id, status, session, first_at as at from message m
      where ${where} order by first_at, message_id limit ${limit}`;
    return rows.map(({ tenant, id, status, session, at }) => ({
      kind,
      tenant,
      object: id,
      text: `${status} since ${at.toISOString()}, session ${session ?? "unknown"}`,
    }));
  }
}

function isDead(tx: Tx) {
  return tx`exists (select from dead_letter d where d.tenant = m.tenant and d.message_id = m.message_id::text)`;
}

async function wrongCounters(tx: Tx): Promise<Finding[]> {
  const rows = await tx<{ tenant: string; name: string; kept: number; found: number }[]>`
    select tenant, name, coalesce(kept.value, 0) as kept, coalesce(found.value, 0) as found
    from (select tenant, name, value from tenant_counter where name not in ('inbound', 'events')) kept
    full join (
      select tenant, name, sum(value)::bigint as value from (
        select tenant, status as name, count(*) as value from message where status is not null group by tenant, status
        union all select tenant, name, value from forgotten
      ) there group by tenant, name
    ) found using (tenant, name)
    where coalesce(kept.value, 0) <> coalesce(found.value, 0) order by tenant, name`;
  return rows.map(({ tenant, name, kept, found }) => ({
    kind: "counter",
    tenant,
    object: name,
    text: `${kept} counted, ${found} there`,
  }));
}

type LedgerSums = { accepted: number; final: number; waiting: number; doubtful: number };

async function wrongLedger(tx: Tx): Promise<Finding[]> {
  // Hours of which messages were removed for their age have nothing to be compared with.
  const rows = await tx<{ tenant: string; at: Date; kept: LedgerSums; found: LedgerSums }[]>`
    select tenant, at, json_build_array(k.accepted, k.final, k.waiting, k.doubtful) as kept,
      json_build_array(f.accepted, f.final, f.waiting, f.doubtful) as found
    from (select * from ledger where accepted <> 0 or final <> 0 or waiting <> 0 or doubtful <> 0) k
    full join (
      select tenant, date_bin('1 hour', coalesce(accepted_at, first_at), 'epoch') as at,
        count(accepted_at) as accepted,
        count(*) filter (where status in ('sent', 'delivered', 'read', 'played', 'failed', 'expired', 'cancelled')) as final,
        count(*) filter (where status in ('queued', 'claimed')) as waiting,
        count(*) filter (where status in ('in_doubt', 'unconfirmed')) as doubtful
      from message where status is not null group by 1, 2) f using (tenant, at)
    left join (select tenant, at as before from forgotten_before) b using (tenant)
    where (before is null or at >= before + interval '1 hour')
      and (k.accepted, k.final, k.waiting, k.doubtful) is distinct from (f.accepted, f.final, f.waiting, f.doubtful)
    order by tenant, at`;
  return rows.map(({ tenant, at, kept, found }) => ({
    kind: "ledger",
    tenant,
    object: at.toISOString(),
    text: `accepted, final, waiting, doubtful: ${JSON.stringify(kept)} kept, ${JSON.stringify(found)} there`,
  }));
}
