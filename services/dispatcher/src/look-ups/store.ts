/** The SQL of look-ups: messages that are followed, and what is known of them. Any process may write here; twice changes nothing. */
import type { MessageStatus } from "@wamesh/events";
import type { Sql } from "@wamesh/store";
import { type Followed, lastWords, nextInMs } from "./follow.ts";

export type OwnMessage = {
  message_id: string;
  shard: number;
  session: string;
  claim: number;
  state: "in_doubt" | "sent" | "failed";
  provider_id: string | null;
  recipient_token: string;
  content_token: string | null;
  /** Epoch ms. */
  claimed_at: number;
  status: MessageStatus;
  /** Look-ups that said nothing yet. */
  asked: number;
  /** Epoch ms: its session told of a failed send then, and did not say of which. */
  failure_at: number | null;
};

type Row = Omit<OwnMessage, "status"> & { status: string };
type Named = Pick<OwnMessage, "message_id" | "claim">;

/** Of our own hosts. */
const clocksApartMs = 5_000;
/** For so long a failure that was found may be the one that the session told of. */
const failureKnownMs = 600_000;
const keptMs = 2 * 3_600_000;
/** A session whose callbacks never come sends more than may be looked up. */
const givenUpMs = 6 * 3_600_000;

export type LookUpStore = ReturnType<typeof createLookUpStore>;

/** `sql`: a pool whose search_path is the schema of the schedule. */
export function createLookUpStore(sql: Sql) {
  /** Of `own_message own`, what the failure `f` of its session may be about. */
  const mayBeIt = sql`own.provider_key is null and own.state <> 'failed'
    and own.claimed_at <= f.at + ${clocksApartMs}::bigint and own.failure_at is distinct from f.at`;
  return {
    /** Told again, a message stays as it is; a later claim, or `sent` after a doubt, is another matter to look up. */
    async follow(told: readonly { shard: number; status: Followed }[]): Promise<void> {
      const rows = lastWords(told);
      if (rows.length === 0) return;
      const of = <Value>(value: (one: Followed) => Value) => rows.map(({ status }) => value(status));
      await sql`
        insert into own_message as own (message_id, shard, session, claim, state, provider_id, recipient_token,
          content_token, claimed_at, status, next_at, changed_at)
        select r.id, r.shard, r.session, r.claim, r.state, r.provider_id, r.recipient, r.content, r.claimed_at, r.status,
          now_ms() + r.next_in, now_ms()
        from unnest(${of((one) => one.message_id)}::text[], ${rows.map(({ shard }) => shard)}::int[],
          ${of((one) => one.session)}::text[], ${of((one) => one.claim)}::int[], ${of((one) => one.status)}::text[],
          ${of((one) => one.provider_id)}::text[], ${of((one) => one.recipient_token)}::text[],
          ${of((one) => one.content_token)}::text[],
          ${of((one) => Math.floor(one.claimed_at ?? one.occurred_at))}::bigint[],
          ${of((one) => JSON.stringify(one))}::text[],
          ${of((one) => nextInMs({ state: one.status, provider_id: one.provider_id }, 0))}::bigint[])
          r (id, shard, session, claim, state, provider_id, recipient, content, claimed_at, status, next_in)
        on conflict (message_id) do update set
          claim = excluded.claim, state = excluded.state, provider_id = excluded.provider_id,
          claimed_at = excluded.claimed_at, status = excluded.status, asked = 0, changed_at = excluded.changed_at,
          failure_at = case when excluded.claim = own.claim then own.failure_at end,
          provider_key = case when excluded.claim = own.claim then own.provider_key end,
          next_at = case when excluded.claim > own.claim or own.provider_key is null then excluded.next_at end
        where excluded.claim > own.claim
          or (excluded.claim = own.claim and own.state = 'in_doubt' and excluded.state = 'sent')`;
      // After the rows are there: a failure that is told in between finds them, or is found here.
      await sql`
        update own_message own set failure_at = f.at, next_at = now_ms(), asked = greatest(own.asked - 1, -1)
        from session_failure f
        where f.session = own.session and own.message_id = any(${of((one) => one.message_id)}::text[])
          and f.at > now_ms() - ${failureKnownMs}::bigint and ${mayBeIt}`;
    },

    /** Keys that callbacks named. One that another message of the session has by a look-up is that one's. */
    async learnt(keys: readonly (Named & { key: string })[]): Promise<void> {
      if (keys.length === 0) return;
      await sql`
        update own_message own set provider_key = r.key, next_at = null, changed_at = now_ms()
        from unnest(${keys.map((one) => one.message_id)}::text[], ${keys.map((one) => one.claim)}::int[],
          ${keys.map((one) => one.key)}::text[]) r (id, claim, key)
        where own.message_id = r.id and own.claim = r.claim and own.provider_key is null and not exists (
          select from own_message other where other.session = own.session and other.provider_key = r.key)`;
    },

    /** Of these shards, those whose turn has come, longest due first. */
    async due(shards: readonly number[], most: number): Promise<OwnMessage[]> {
      const rows = await sql<Row[]>`
        select ${sql.unsafe(columns)} from own_message where next_at <= (select now_ms()) and shard = any(${[...shards]}::int[])
        order by next_at limit ${most}`;
      return rows.map(toMessage);
    },

    /** Other messages of the session to the same person that say the same. */
    async alike(of: OwnMessage): Promise<Pick<OwnMessage, "claimed_at" | "provider_id">[]> {
      return await sql<Pick<OwnMessage, "claimed_at" | "provider_id">[]>`
        select claimed_at, provider_id from own_message
        where session = ${of.session} and recipient_token = ${of.recipient_token}
          and content_token is not distinct from ${of.content_token} and message_id <> ${of.message_id}`;
    },

    /** The provider named this key for this very message: one that was taken to have it is looked up in its turn, at once. */
    async found({
      message_id,
      claim,
      session,
      key,
    }: Named & { session: string; key: string }): Promise<void> {
      await sql.begin(async (tx) => {
        await tx`
          update own_message set provider_key = null, asked = 0, changed_at = now_ms(),
            next_at = case when state = 'sent' and provider_id ~ '^(log:)?[0-9]+$' then now_ms() end
          where session = ${session} and provider_key = ${key} and message_id <> ${message_id}`;
        await tx`
          update own_message set provider_key = ${key}, next_at = null, changed_at = now_ms()
          where message_id = ${message_id} and claim = ${claim}`;
      });
    },

    async failed({ message_id, claim }: Named): Promise<void> {
      await sql`
        update own_message set state = 'failed', next_at = null, changed_at = now_ms()
        where message_id = ${message_id} and claim = ${claim}`;
    },

    /** `inMs` null: not again. */
    async later(of: Named & Pick<OwnMessage, "state">, asked: number, inMs: number | null): Promise<void> {
      await sql`
        update own_message set asked = ${asked},
          next_at = now_ms() + ${inMs === null ? null : Math.ceil(inMs)}::bigint
        where message_id = ${of.message_id} and claim = ${of.claim} and state = ${of.state} and provider_key is null`;
    },

    /**
     * The session tells of a failed send: whatever is open may be it, and is looked up at once. That costs it no turn.
     * Told again, it is the same failure.
     */
    async failureSeen({ session, at }: { session: string; at: number }): Promise<void> {
      await sql`
        insert into session_failure (session, at) values (${session}, ${at})
        on conflict (session) do update set at = greatest(session_failure.at, excluded.at)`;
      await sql`
        update own_message own set failure_at = f.at, next_at = now_ms(), asked = greatest(own.asked - 1, -1)
        from (values (${session}, ${at}::bigint)) f (session, at)
        where f.session = own.session and ${mayBeIt}`;
    },

    /**
     * Whether no other message of its session could be the one that failed: none is open, none was on its way by then, and of
     * none it has been found lately.
     */
    async isAlone({ message_id, session, failure_at }: OwnMessage): Promise<boolean> {
      const [other] = await sql`
        select from own_message
        where session = ${session} and message_id <> ${message_id} and provider_key is null
          and (state <> 'failed' or changed_at > now_ms() - ${failureKnownMs}::bigint)
        union all
        select from attempt a join pending p on p.id = a.id
        where p.member = ${session} and a.id <> ${message_id} and a.claimed_at <= ${(failure_at ?? 0) + clocksApartMs}::bigint
        limit 1`;
      return other === undefined;
    },

    async tidy(): Promise<void> {
      await sql`
        delete from own_message
        where changed_at < now_ms() - case when next_at is null then ${keptMs}::bigint else ${givenUpMs}::bigint end
          and changed_at < now_ms() - ${keptMs}::bigint`;
      await sql`delete from session_failure where at < now_ms() - ${keptMs}::bigint`;
    },
  };
}

function toMessage(row: Row): OwnMessage {
  return { ...row, status: JSON.parse(row.status) as MessageStatus };
}

const columns =
  "message_id, shard, session, claim, state, provider_id, recipient_token, content_token, claimed_at, status, asked, failure_at";
