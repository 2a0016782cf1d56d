/** A database of the dispatcher's own, and its table of what waits filled by SQL: a million rows in seconds, not by way of Kafka. */
import { randomBytes } from "node:crypto";
import { laneTopics } from "@wamesh/events";
import { migrate, schemaRoles } from "@wamesh/store";
import { outboundMessage } from "@wamesh/testing";
import postgres, { type Sql } from "postgres";
import { serviceSchemas } from "../../../deploy/migrate.ts";
import { repository } from "./place.ts";
import type { Actor } from "./cast.ts";

export type Schedule = {
  /** As the role that may do everything, in the schedule's schema. */
  sql: Sql;
  /** For the dispatcher. */
  appUrl: string;
  /** So many messages more, over the actors in turn, each to a person of its own. */
  fill(options: { count: number; actors: readonly Actor[]; lane?: "standard" | "bulk" }): Promise<void>;
  pending(): Promise<number>;
  /** Resolves when all that has happened is published too. */
  published(): Promise<void>;
  drop(): Promise<void>;
};

const { schema, dirs } = serviceSchemas.dispatcher;
export const textBody =
  "Hi Mara, your order 4711-0815 has left our warehouse and will be with you tomorrow between 9 and 12. Reply STOP to end.";

export async function freshSchedule(postgresUrl: string): Promise<Schedule> {
  const name = `bench_${randomBytes(5).toString("hex")}`;
  const admin = postgres(postgresUrl, { max: 1, onnotice: () => {} });
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

  return {
    sql,
    appUrl,
    async fill({ count, actors, lane = "bulk" }) {
      if (count <= 0) return;
      // The same bytes as packPayload of the dispatcher makes, with holes for what differs.
      const record = outboundMessage({
        message_id: "%1$s",
        tenant: "%2$s",
        session: "%3$s",
        account: "%4$s",
        recipient: { kind: "phone", value: "%5$s" },
        recipient_token: "%6$s",
        lane,
        content: { kind: "text", text: { body: textBody, preview_url: false }, template: null },
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
          convert_to(format(${JSON.stringify({ record, trace: {} })}, m.id, a.tenant, a.session, a.account,
            m.phone, m.token), 'UTF8')
        from (select i, gen_random_uuid()::text as id, '+1555' || lpad(i::text, 7, '0') as phone, md5(i::text) as token
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
    async published() {
      for (;;) {
        const [row] = await sql<{ open: boolean }[]>`
          select exists (select from attempt) or exists (
            select from outbox o join shard_lease l on l.shard = o.shard where o.seq > l.published_seq) as open`;
        if (!row!.open) return;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async drop() {
      await sql.end({ timeout: 2 });
      await admin`drop database if exists ${admin(name)} with (force)`;
      for (const role of Object.values(schemaRoles(name, schema))) await admin`drop role if exists ${admin(role)}`;
      await admin.end();
    },
  };
}
