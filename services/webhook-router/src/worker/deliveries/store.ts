/** The SQL of the delivery loop: rows that are due, what became of attempts, and the endpoints they go to. */
import type { Sql, Tx } from "@wamesh/store";
import type { Settled } from "./outcome.ts";
import { announceDue } from "./signal.ts";
import { deliveriesOf, type NewDelivery, type Subscriber } from "./subscription.ts";
import { ofDisabled } from "./webhook-event.ts";

/** A row that is due. */
export type Due = Omit<NewDelivery, "subject"> & {
  seq: number;
  /** Attempts made before. */
  attempt: number;
  /** Of them, those before its last replay. */
  replayed_at_attempt: number;
  /** Version of its endpoint. */
  version: number;
};

export type Target = {
  id: string;
  tenant: string;
  url: string;
  /** Sealed. */
  secret: string;
  /** Sealed; signs too until then, in ms. */
  previous_secret: string | null;
  previous_until_ms: number | null;
  version: number;
  failing: boolean;
};

/** How an attempt ended, as it is kept. */
export type Ended = Settled & {
  endedAt: number;
  durationMs: number;
  httpStatus: number | null;
  error: string | null;
  /** Excerpt of it. */
  answer: string | null;
};

/** Active endpoints of these tenants. */
export async function subscribersOf(tx: Tx, tenants: readonly string[]): Promise<Subscriber[]> {
  if (tenants.length === 0) return [];
  return tx<Subscriber[]>`
    select id, tenant, events, sessions from endpoint where tenant = any(${[...tenants]}) and status = 'active'`;
}

/** Adds what is new. Idempotent by webhook_id. */
export async function addDeliveries(tx: Tx, rows: readonly NewDelivery[]): Promise<void> {
  if (rows.length === 0) return;
  const column = <Key extends keyof NewDelivery>(key: Key) => rows.map((row) => row[key]);
  // Locks the endpoints, so that one deleted meanwhile is missed and not a broken reference.
  await tx`
    insert into delivery (webhook_id, tenant, endpoint, event_type, subject, message_id, body, trace)
    select r.* from unnest(
      ${column("webhook_id")}::text[], ${column("tenant")}::text[], ${column("endpoint")}::text[],
      ${column("event_type")}::text[], ${column("subject")}::text[], ${column("message_id")}::text[],
      ${column("body")}::text[], ${column("trace")}::text[])
      as r (webhook_id, tenant, endpoint, event_type, subject, message_id, body, trace)
    join (select id from endpoint where id = any(${[...new Set(column("endpoint"))]}) for key share) e on e.id = r.endpoint
    on conflict (webhook_id) do nothing`;
}

export type DeliveryStore = ReturnType<typeof createDeliveryStore>;

/** An event waits for an earlier one of its message while that is at its first attempts (about five minutes) and not a replay. */
const attemptsThatHold = 3;
const deletedAtOnce = 10_000;

/** `sql` is the workers' pool, which sees all tenants. */
export function createDeliveryStore(sql: Sql) {
  return {
    /**
     * The first due rows of each endpoint (of those named, or of all `except` some), `perEndpoint` each and `limit` in all,
     * without those in `held`. With more endpoints than fit, chance decides whose turn it is.
     *
     * The look at earlier events is a scalar subquery because that is planned by its index whatever the statistics are: as
     * `not exists` it took 300 ms instead of 1 on 6,000 rows of a table not yet analysed.
     */
    async due(wanted: {
      endpoints: readonly string[] | "all";
      except: readonly string[];
      held: readonly number[];
      perEndpoint: number;
      limit: number;
    }): Promise<Due[]> {
      const named = wanted.endpoints === "all" ? null : [...wanted.endpoints];
      return sql<Due[]>`
          select d.*, e.version from (
            select id, version from endpoint
            where status = 'active' and (${named}::text[] is null or id = any(${named}::text[]))
              and id <> all(${[...wanted.except]}::text[])
            order by random()
          ) e cross join lateral (
            select seq, webhook_id, tenant, endpoint, event_type, message_id, body, trace, attempt, replayed_at_attempt
            from delivery d
            where endpoint = e.id and state = 'waiting' and next_at <= clock_timestamp() and seq <> all(${[...wanted.held]}::bigint[])
              and d.seq = coalesce((
                select seq from delivery earlier
                where earlier.endpoint = d.endpoint and earlier.message_id = d.message_id
                  and earlier.state = 'waiting' and earlier.seq < d.seq
                  and earlier.attempt < ${attemptsThatHold} and earlier.replayed_at_attempt = 0
                order by seq limit 1), d.seq)
            order by next_at, seq limit ${wanted.perEndpoint}
          ) d limit ${wanted.limit}`;
    },

    async targets(ids: readonly string[]): Promise<Target[]> {
      return sql<Target[]>`
          select id, tenant, url, secret, previous_secret, version, failing_since is not null as failing,
            (extract(epoch from previous_until) * 1000)::float8 as previous_until_ms from endpoint
          where id = any(${[...ids]}) and status = 'active'`;
    },

    /**
     * Writes how attempts ended. Only the attempt that a row is at counts: what a former owner of the lease still finishes
     * changes nothing twice.
     */
    async settle(ended: readonly Ended[]): Promise<void> {
      if (ended.length === 0) return;
      const column = <Key extends keyof Ended>(key: Key) => ended.map((one) => one[key]);
      await sql`
          with settled as (
            update delivery d set state = r.state, attempt = r.attempt,
              next_at = clock_timestamp() + r.wait_ms * interval '1 ms',
              ended_at = to_timestamp(r.ended_at / 1000), duration_ms = r.duration_ms, http_status = r.http_status,
              error = r.error, answer = r.answer
            from unnest(${column("seq")}::bigint[], ${column("state")}::text[], ${column("attempt")}::int[],
              ${column("waitMs")}::float8[], ${column("endedAt")}::float8[], ${column("durationMs")}::int[],
              ${column("httpStatus")}::int[], ${column("error")}::text[], ${column("answer")}::text[])
              as r (seq, state, attempt, wait_ms, ended_at, duration_ms, http_status, error, answer)
            where d.seq = r.seq and d.state = 'waiting' and d.attempt = r.attempt - 1
            returning d.seq, d.tenant, d.state, d.attempt, d.ended_at, d.duration_ms, d.http_status, d.error, d.answer)
          insert into attempt (delivery, attempt, tenant, ended_at, duration_ms, http_status, error, answer)
          select seq, attempt, tenant, ended_at, duration_ms, http_status, error, answer from settled
          where state <> 'delivered'`;
    },

    /** Notes that an endpoint fails, from now on if it did not before. Returns since when, in ms. */
    async failing(endpoint: string): Promise<number> {
      const [row] = await sql<{ ms: number }[]>`
          update endpoint set failing_since = coalesce(failing_since, clock_timestamp())
          where id = ${endpoint} and status = 'active'
          returning (extract(epoch from clock_timestamp() - failing_since) * 1000)::float8 as ms`;
      return row?.ms ?? 0;
    },

    async recovered(endpoint: string): Promise<void> {
      await sql`update endpoint set failing_since = null where id = ${endpoint} and failing_since is not null`;
    },

    /** Disables it and tells the tenant's other endpoints, once: an endpoint that is disabled already is left as it is. */
    async disable(endpoint: string, reason: string): Promise<void> {
      await sql.begin(async (tx) => {
        const [row] = await tx<{ tenant: string; version: number; at_ms: number }[]>`
          update endpoint set status = 'disabled', disabled_reason = ${reason}, failing_since = null,
            version = version + 1, changed_at = clock_timestamp()
          where id = ${endpoint} and status = 'active'
          returning tenant, version, (extract(epoch from changed_at) * 1000)::float8 as at_ms`;
        if (row === undefined) return;
        const { tenant, version, at_ms: atMs } = row;
        const event = ofDisabled({ id: endpoint, tenant, reason, version, atMs });
        const rows = deliveriesOf(event, await subscribersOf(tx, [tenant]));
        await addDeliveries(tx, rows);
        await announceDue(
          tx,
          rows.map((one) => one.endpoint),
        );
      });
    },

    async waiting(): Promise<number> {
      const [row] = await sql<{ count: number }[]>`select count(*) from delivery where state = 'waiting'`;
      return row?.count ?? 0;
    },

    /**
     * Bodies are kept 14 days, delivered or not; so long is the memory that delivers an event once. The oldest rows have the
     * lowest numbers, so no index by age is needed.
     */
    async tidy(): Promise<number> {
      let removed = 0;
      for (let more = true; more; ) {
        const { count } = await sql`
            delete from delivery where seq in (
              select seq from (select seq, created_at from delivery order by seq limit ${deletedAtOnce}) oldest
              where created_at < clock_timestamp() - interval '14 days')`;
        removed += count;
        more = count === deletedAtOnce;
      }
      return removed;
    },
  };
}
