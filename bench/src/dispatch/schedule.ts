/** A database of the dispatcher's own, and its table of what waits filled by SQL: a million rows in seconds, not by way of Kafka. */
import { randomBytes } from "node:crypto";
import { content, laneTopics } from "@wamesh/events";
import { migrate, schemaRoles } from "@wamesh/store";
import { outboundMessage, until } from "@wamesh/testing";
import postgres, { type Sql } from "postgres";
import { serviceSchemas } from "../../../deploy/migrate.ts";
import { repository } from "../place.ts";
import type { Actor } from "./cast.ts";
import { patience } from "./patience.ts";

export const { schema, dirs } = serviceSchemas.dispatcher;
export type Schedule = {
  /** As the role that may do everything, in the schedule's schema. */
  sql: Sql;
  /** For the dispatcher. */
  appUrl: string;
  /** So many messages more, over the actors in turn, each to a person of its own. */
  fill(options: { count: number; actors: readonly Actor[]; lane?: "standard" | "bulk" }): Promise<void>;
  pending(): Promise<number>;
  /** Resolves when everything that waits is claimed, be it in doubt. */
  claimed(): Promise<unknown>;
  /** Resolves when so many messages have been admitted, whatever has become of them. */
  admitted(count: number): Promise<unknown>;
  /** Resolves when all that has happened is published too. */
  published(): Promise<unknown>;
  /**
   * Makes a server that has just been made like one in use: room of its own to fill again instead of files to lengthen, which
   * is a quarter of its work at first, and log files that are there already.
   */
  broughtIntoUse(): Promise<void>;
  /** The second time does nothing. */
  drop(): Promise<void>;
};

export const textBody =
  "Hi Mara, your order 4711-0815 has left our warehouse and will be with you tomorrow between 9 and 12. Reply STOP to end.";

export async function freshSchedule(postgresUrl: string): Promise<Schedule> {
  const name = `bench_${randomBytes(5).toString("hex")}`;
  const admin = postgres(postgresUrl, { max: 1, onnotice: () => {} });
  // What other parts have written is not to be brought to the disk in the middle of this one.
  await admin`checkpoint`;
  await admin`create database ${admin(name)}`;
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  const { appUrl } = await migrate({
    url: url.href,
    schema,
    dirs: dirs.map((dir) => `${repository}${dir}`),
    appPassword: "bench",
    log: () => {},
  });
  const sql = postgres(url.href, { max: 2, onnotice: () => {}, connection: { search_path: schema } });

  let dropped = false;
  return {
    sql,
    appUrl,
    async fill({ count, actors, lane = "bulk" }) {
      if (count <= 0) return;
      // The same text as packPayload of the dispatcher makes, with holes for what differs.
      const record = outboundMessage({
        message_id: "%1$s",
        tenant: "%2$s",
        session: "%3$s",
        account: "%4$s",
        recipient: { kind: "phone", value: "%5$s" },
        recipient_token: "%6$s",
        lane,
        content: content("text", { text: { body: textBody, preview_url: false } }),
        not_after: Date.now() + 86_400_000,
        accepted_at: Date.now(),
      });
      await sql`
        with actors as materialized (
          select ord - 1 as ord, shard, tenant, account, session from unnest(
            ${actors.map((a) => a.shard)}::int[], ${actors.map((a) => a.tenant)}::text[],
            ${actors.map((a) => a.account)}::text[], ${actors.map((a) => a.session)}::text[])
            with ordinality a (shard, tenant, account, session, ord))
        insert into pending (id, shard, tenant, account, member, lane, stream, topic, "offset", conversation, gate, place,
          not_after, doubt_policy, fingerprint, admitted_at, payload)
        select m.id, a.shard, a.tenant, a.account, a.session, ${lane}, '', ${laneTopics[lane].name}, m.i, c.conversation,
          hashtextextended(${`${lane} `} || c.conversation, a.shard), t.now, ${record.not_after}, 'fail_unknown',
          ${record.fingerprint}, t.now,
          format(${JSON.stringify({ record, trace: {} })}, m.id, a.tenant, a.session, a.account,
            m.phone, m.token)
        from (select i, gen_random_uuid()::text as id, '+1555' || lpad(i::text, 7, '0') as phone, md5(${randomBytes(4).toString("hex")} || i) as token
          from generate_series(1, ${count}::int) i) m
        join actors a on a.ord = m.i % ${actors.length}::int
        cross join lateral (select a.session || ':' || m.token as conversation) c
        cross join (select now_ms() as now) t`;
      // Or the server would do it on its own in the middle of a measurement.
      await sql`vacuum (analyze) pending`;
      await sql`checkpoint`;
    },
    async pending() {
      const [row] = await sql<{ count: number }[]>`select count(*)::int as count from pending`;
      return row!.count;
    },
    claimed: () =>
      until(async () => {
        const [row] = await sql<{ all: boolean }[]>`
          select not exists (select from pending p where not exists (select from attempt a where a.id = p.id)) as all`;
        return row!.all;
      }, patience),
    admitted: (count) =>
      until(async () => {
        const [row] = await sql<{ count: number }[]>`
          select ((select count(*) from pending) + (select count(*) from done))::int as count`;
        return row!.count >= count;
      }, patience),
    published: () =>
      until(async () => {
        const [row] = await sql<{ open: boolean }[]>`
          select exists (select from attempt) or exists (
            select from outbox o join shard_lease l on l.shard = o.shard where o.seq > l.published_seq) as open`;
        return !row!.open;
      }, patience),
    async broughtIntoUse() {
      await sql`vacuum (analyze) pending, attempt, outbox, pace, shard_lease`;
      await sql`checkpoint`;
    },
    async drop() {
      if (dropped) return;
      dropped = true;
      await sql.end({ timeout: 2 });
      await admin`drop database if exists ${admin(name)} with (force)`;
      for (const role of Object.values(schemaRoles(name, schema)))
        await admin`drop role if exists ${admin(role)}`;
      await admin.end();
    },
  };
}
