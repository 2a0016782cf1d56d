/** The SQL of understanding: references, and what is parked until one appears. */
import type { Sql, Tx } from "@wamesh/store";
import { merged, type Reference } from "./reference.ts";

export type Parked = { callback_id: string; item: number; lookup: string; body: string };

/** Postgres takes 65,534 parameters per statement; a reference has 23. */
const rowsPerInsert = 1000;
const deletedAtOnce = 10_000;

/** An own message is reported within seconds of its send; half a minute was the longest seen. */
const longestReport = "1 hour";
/** Of our own hosts, between which the claim and the receiver are. */
const clockDifference = "5 seconds";

export type CallbackStore = ReturnType<typeof createCallbackStore>;

/** `sql` is the workers' pool, which sees all tenants. */
export function createCallbackStore(sql: Sql) {
  return {
    /** Remembers messages that left. A second record of the same message completes the first. Idempotent, in any order. */
    async remember(references: readonly Reference[]): Promise<void> {
      // One statement can't touch a row twice.
      const byMessage = new Map<string, Reference>();
      for (const reference of references) {
        const known = byMessage.get(reference.message_id);
        byMessage.set(reference.message_id, known === undefined ? reference : merged(known, reference));
      }
      const rows = [...byMessage.values()];
      if (rows.length === 0) return;
      for (let start = 0; start < rows.length; start += rowsPerInsert)
        await sql`
          insert into reference ${sql(rows.slice(start, start + rowsPerInsert))}
          on conflict (message_id) do update set
            claim = greatest(reference.claim, excluded.claim),
            attempts = greatest(reference.attempts, excluded.attempts),
            provider_id = ${newer(sql, "provider_id")},
            content_token = ${newer(sql, "content_token")},
            claimed_at = ${newer(sql, "claimed_at")},
            sent_at = ${newer(sql, "sent_at")},
            trace = ${newer(sql, "trace")},
            provider_key = coalesce(reference.provider_key, excluded.provider_key)`;
    },

    /**
     * References by message id, and by (session, provider id) and (session, provider key). One may come several times. Each
     * is looked up by its index, which `lateral … limit` leaves no choice about: a table that fills within a minute has no
     * statistics to plan by.
     */
    async find(wanted: {
      messages: readonly string[];
      ids: readonly { session: string; id: string }[];
      keys: readonly { session: string; id: string }[];
    }): Promise<Reference[]> {
      const { messages, ids, keys } = wanted;
      if (messages.length + ids.length + keys.length === 0) return [];
      return sql<Reference[]>`
        select found.* from unnest(${[...messages]}::text[]) as w (id) cross join lateral (
          select ${sql.unsafe(columns)} from reference where message_id = w.id limit 1) found
        union all
        select found.* from unnest(${ids.map((one) => one.session)}::text[], ${ids.map((one) => one.id)}::text[]) as w (s, id)
          cross join lateral (
            select ${sql.unsafe(columns)} from reference where session = w.s and provider_id = w.id limit 1) found
        union all
        select found.* from unnest(${keys.map((one) => one.session)}::text[], ${keys.map((one) => one.id)}::text[]) as w (s, id)
          cross join lateral (
            select ${sql.unsafe(columns)} from reference where session = w.s and provider_key = w.id limit 1) found`;
    },

    /**
     * Gives WhatsApp's key of an own message to the first unmatched message of this session, person and text, in the order
     * of sending. Only to one sent shortly before: the same words may have been typed on the phone hours ago, or an older
     * message's event may be lost. To none while such a message in doubt (without an id) and one that was surely sent are both
     * unmatched: the event would say of the wrong one that it left. The dispatcher looks up the latter's key then, and the rest
     * follows. Returns the reference that has the key afterwards (also when it had it before), or null.
     */
    async match(own: {
      session: string;
      recipientTokens: readonly string[];
      contentTokens: readonly string[];
      key: string;
      /** When the receiver took the event in, epoch ms. */
      receivedAt: number;
    }): Promise<Reference | null> {
      return (await sql.begin(async (tx) => {
        // Two events of one message may be looked at by two consumers at once; who is first unmatched is one decision at a time.
        const locked = tx`select pg_advisory_xact_lock(hashtextextended(${own.session}, 0))`.execute();
        const [[known]] = await Promise.all([
          tx<Reference[]>`
            select ${tx.unsafe(columns)} from reference where session = ${own.session} and provider_key = ${own.key}`,
          locked,
        ]);
        if (known !== undefined) return known;
        const [matched] = await tx<Reference[]>`
          with candidate as materialized (
            select message_id, provider_id, coalesce(claimed_at, sent_at) as at from reference
            where session = ${own.session} and provider = 'wasender' and provider_key is null
              and recipient_token = any(${[...own.recipientTokens]}) and content_token = any(${[...own.contentTokens]})
              and to_timestamp(coalesce(claimed_at, sent_at) / 1000.0) between
                to_timestamp(${own.receivedAt} / 1000.0) - ${longestReport}::interval and
                to_timestamp(${own.receivedAt} / 1000.0) + ${clockDifference}::interval)
          update reference set provider_key = ${own.key} where message_id = (
            select message_id from candidate
            where (select count(distinct provider_id is null) from candidate) = 1
            order by at, message_id limit 1)
          returning ${tx.unsafe(columns)}`;
        return matched ?? null;
      })) as Reference | null;
    },

    /**
     * Writes down a key that the provider named for this very message. It goes before what `match` found: of two equal
     * messages one event may be lost, and the other's key was then given to the wrong one, which is left without. Idempotent.
     */
    async learn(reference: Reference & { provider_key: string }): Promise<void> {
      const { message_id, session, provider_key } = reference;
      await sql.begin(async (tx) => {
        // As in `match`: one decision at a time about a session's keys.
        await tx`select pg_advisory_xact_lock(hashtextextended(${session}, 0))`;
        await tx`
          update reference set provider_key = null
          where session = ${session} and provider_key = ${provider_key} and message_id <> ${message_id}`;
        await tx`
          insert into reference ${tx(reference)}
          on conflict (message_id) do update set
            provider_key = excluded.provider_key,
            provider_id = coalesce(reference.provider_id, excluded.provider_id)`;
      });
    },

    /** Idempotent: the same item of the same callback waits once for the same thing. */
    async park(rows: readonly Parked[]): Promise<void> {
      if (rows.length === 0) return;
      await sql`
        insert into parked (callback_id, item, lookup, body)
        select * from unnest(${rows.map((row) => row.callback_id)}::text[], ${rows.map((row) => row.item)}::int[],
          ${rows.map((row) => row.lookup)}::text[], ${rows.map((row) => row.body)}::text[])
        on conflict do nothing`;
    },

    /** What waits for any of these, each item once, oldest first. It stays until `unpark`. */
    async waitingFor(lookups: readonly string[]): Promise<Omit<Parked, "lookup">[]> {
      if (lookups.length === 0) return [];
      const rows = await sql<Omit<Parked, "lookup">[]>`
        select p.callback_id, p.item, p.body from unnest(${[...new Set(lookups)]}::text[]) as w (lookup) cross join lateral (
          select * from parked where parked.lookup = w.lookup offset 0) p
        order by p.parked_at, p.callback_id, p.item`;
      return [...new Map(rows.map((row) => [`${row.callback_id} ${row.item}`, row])).values()];
    },

    /** Takes items away, whatever they were waiting for. */
    async unpark(rows: readonly Pick<Parked, "callback_id" | "item">[]): Promise<void> {
      if (rows.length === 0) return;
      await sql`
        delete from parked using unnest(${rows.map((row) => row.callback_id)}::text[], ${rows.map((row) => row.item)}::int[])
          as r (callback_id, item)
        where parked.callback_id = r.callback_id and parked.item = r.item`;
    },

    /** Numbers and accounts whose callbacks wait for an owner, as lookups. */
    async ownersWanted(): Promise<string[]> {
      const rows = await sql<{ lookup: string }[]>`
        select distinct lookup from parked where starts_with(lookup, 'owner:') limit 10000`;
      return rows.map((row) => row.lookup);
    },

    /**
     * Removes what is too old. References are kept 45 days: receipts of a read message come that late. A parked receipt may
     * belong to a message typed on the phone, which never gets a reference: after 72 h it is forgotten without alarm.
     */
    async tidy(): Promise<{ references: number; parked: number }> {
      let references = 0;
      for (let more = true; more; ) {
        const { count } = await sql`
          delete from reference where message_id in (
            select message_id from reference where recorded_at < clock_timestamp() - interval '45 days'
            limit ${deletedAtOnce})`;
        references += count;
        more = count === deletedAtOnce;
      }
      const parked = await sql`delete from parked where parked_at < clock_timestamp() - interval '72 hours'`;
      return { references, parked: parked.count };
    },
  };
}

/** What the newer claim says, else what the older said: `merged` in SQL. */
function newer(sql: Sql | Tx, column: string) {
  return sql.unsafe(
    `case when excluded.claim >= reference.claim then coalesce(excluded.${column}, reference.${column})
      else coalesce(reference.${column}, excluded.${column}) end`,
  );
}

const columns = `message_id, tenant, session, account, provider, lane, campaign, rule, source_event_id, source_event_source,
  template, category, external_ref, recipient_token, content_token, claim, attempts, provider_id, provider_key,
  queued_at, claimed_at, sent_at, trace`;
