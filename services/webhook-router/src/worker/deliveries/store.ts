/** The SQL of deliveries: rows that are due, what became of attempts, and the endpoints they go to. */
import type { Sql, Tx } from "@wamesh/store";
import type { Settled } from "./outcome.ts";
import type { Subscriber } from "./webhook-event.ts";

export type NewDelivery = {
  webhook_id: string;
  tenant: string;
  endpoint: string;
  event_type: string;
  subject: string;
  message_id: string | null;
  body: string;
};

/** A row that is due. */
export type Due = Omit<NewDelivery, "subject"> & {
  seq: number;
  /** Attempts made before. */
  attempt: number;
  /** Version of its endpoint. */
  version: number;
};

export type Target = {
  id: string;
  tenant: string;
  url: string;
  /** Sealed. */
  secret: string;
  version: number;
  failing: boolean;
};

/** Active endpoints of these tenants. */
export async function subscribersOf(tx: Tx, tenants: readonly string[]): Promise<Subscriber[]> {
  if (tenants.length === 0) return [];
  return tx<Subscriber[]>`
    select id, tenant, events, sessions from endpoint where tenant = any(${[...tenants]}) and status = 'active'`;
}

/** Adds what is new. Idempotent by (endpoint, subject). */
export async function addDeliveries(tx: Tx, rows: readonly NewDelivery[]): Promise<void> {
  if (rows.length === 0) return;
  const column = <Key extends keyof NewDelivery>(key: Key) => rows.map((row) => row[key]);
  // Locks the endpoints, so that one deleted meanwhile is missed and not a broken reference.
  await tx`
    insert into delivery (webhook_id, tenant, endpoint, event_type, subject, message_id, body)
    select r.* from unnest(
      ${column("webhook_id")}::text[], ${column("tenant")}::text[], ${column("endpoint")}::text[],
      ${column("event_type")}::text[], ${column("subject")}::text[], ${column("message_id")}::text[],
      ${column("body")}::text[]) as r (webhook_id, tenant, endpoint, event_type, subject, message_id, body)
    join (select id from endpoint where id = any(${[...new Set(column("endpoint"))]}) for key share) e on e.id = r.endpoint
    on conflict (endpoint, subject) do nothing`;
}

export type DeliveryStore = ReturnType<typeof createDeliveryStore>;

/** An event waits for an earlier one of its message while that is at its first attempts (about five minutes). */
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
            select seq, webhook_id, tenant, endpoint, event_type, message_id, body, attempt from delivery d
            where endpoint = e.id and state = 'waiting' and next_at <= clock_timestamp() and seq <> all(${[...wanted.held]}::bigint[])
              and d.seq = coalesce((
                select seq from delivery earlier
                where earlier.endpoint = d.endpoint and earlier.message_id = d.message_id
                  and earlier.state = 'waiting' and earlier.seq < d.seq and earlier.attempt < ${attemptsThatHold}
                order by seq limit 1), d.seq)
            order by next_at, seq limit ${wanted.perEndpoint}
          ) d limit ${wanted.limit}`;
    },

    async targets(ids: readonly string[]): Promise<Target[]> {
      return sql<Target[]>`
          select id, tenant, url, secret, version, failing_since is not null as failing from endpoint
          where id = any(${[...ids]}) and status = 'active'`;
    },

    /**
     * Writes outcomes. Only the attempt that a row is at counts: what a former owner of the lease still finishes changes
     * nothing twice.
     */
    async settle(settled: readonly Settled[]): Promise<void> {
      if (settled.length === 0) return;
      await sql`
          update delivery d set state = r.state, attempt = r.attempt,
            next_at = clock_timestamp() + r.wait_ms * interval '1 ms'
          from unnest(${settled.map((one) => one.seq)}::bigint[], ${settled.map((one) => one.state)}::text[],
            ${settled.map((one) => one.attempt)}::int[], ${settled.map((one) => one.waitMs)}::float8[])
            as r (seq, state, attempt, wait_ms)
          where d.seq = r.seq and d.state = 'waiting' and d.attempt = r.attempt - 1`;
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

    async disable(endpoint: string, reason: string): Promise<void> {
      await sql`
          update endpoint set status = 'disabled', disabled_reason = ${reason}, failing_since = null,
            version = version + 1, changed_at = clock_timestamp()
          where id = ${endpoint} and status = 'active'`;
    },

    async waiting(): Promise<number> {
      const [row] = await sql<{ count: number }[]>`select count(*) from delivery where state = 'waiting'`;
      return row?.count ?? 0;
    },

    /** Bodies are kept 14 days, delivered or not; so long is the memory that delivers an event once. */
    async tidy(): Promise<number> {
      let removed = 0;
      for (let more = true; more; ) {
        const { count } = await sql`
            delete from delivery where seq in (
              select seq from delivery where created_at < clock_timestamp() - interval '14 days' limit ${deletedAtOnce})`;
        removed += count;
        more = count === deletedAtOnce;
      }
      return removed;
    },
  };
}
