/** What the statements read. The planner's statistics are of a moment in which the table was almost empty, as they often are here. */
import { stack } from "@wamesh/testing";
import postgres, { type Sql } from "postgres";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freshSchedule, type Schedule } from "../../test/schedule.ts";
import type { Store } from "../store.ts";
import { postgresStore } from "./postgres-store.ts";

const waiting = 20_000;
const members = 20;

let schedule: Schedule;
/** One connection: it is the one whose reading is counted. */
let sql: Sql;
let store: Store;
beforeEach(async () => {
  schedule = await freshSchedule();
  const connection = { search_path: schedule.schema, enable_seqscan: "off" };
  sql = postgres(stack().postgresUrl, { max: 1, connection });
  store = postgresStore({ sql, owner: "a" });
});
afterEach(async () => {
  await sql.end();
  await schedule.end();
});

async function rowsRead(): Promise<number> {
  await sql`select pg_stat_force_next_flush()`;
  const [row] = await sql`
    select coalesce(sum(idx_tup_read), 0)::int as read from pg_stat_user_indexes
    where schemaname = ${schedule.schema} and relname in ('pending', 'attempt', 'done')`;
  return row!.read as number;
}

async function readBy<Answer>(act: () => Promise<Answer>): Promise<{ read: number; answer: Answer }> {
  const before = await rowsRead();
  const answer = await act();
  return { read: (await rowsRead()) - before, answer };
}

test("a statement reads about as many rows as it is about, however many wait", async () => {
  // It has been large: the indices are tall, and the planner believes that they hold one row. An index by shard and time, as
  // there once was, is then read through for every window.
  await schedule.sql`
    insert into pending (id, shard, tenant, account, member, lane, stream, topic, "offset", conversation, gate, place,
      not_after, doubt_policy, fingerprint, admitted_at, payload)
    select 'o' || i, i % 8, 't', 'a', 'a-member-with-a-name-as-long-as-they-are-' || i % 50, 'standard', '', 'standard', i,
      'c' || i, i, i, now_ms() + 3600000, 'fail_unknown', 'f', i, repeat('x', 900) from generate_series(1, 60000) i`;
  await schedule.sql`delete from pending where id <> 'o60000'`;
  await schedule.sql`vacuum (analyze) pending, attempt, done`;
  await schedule.sql`
    insert into pending (id, shard, tenant, account, member, lane, stream, topic, "offset", conversation, gate, place,
      not_after, doubt_policy, fingerprint, admitted_at, payload)
    select 'i' || i, 0, 't', 'a', 'm' || i % ${members}::int, 'standard', '', 'standard', i, 'c' || i, i, i,
      now_ms() + 3600000, 'fail_unknown', 'f', i, '' from generate_series(1, ${waiting}::int) i`;
  const { epoch } = (await store.acquire({ shard: 0, leaseMs: 60_000 }))!;
  const fences = [{ shard: 0, epoch }];

  // Scheduled for tomorrow: they are not looked at today.
  await schedule.sql`
    insert into pending (id, shard, tenant, account, member, lane, stream, topic, "offset", conversation, gate, place,
      next_at, not_after, doubt_policy, fingerprint, admitted_at, payload)
    select 'later' || i, 0, 't', 'a', 'later', 'standard', '', 'standard', i, 'l' || i, -i, t.at, t.at, t.at + 1, 'fail_unknown',
      'f', i, '' from generate_series(1, 1000) i cross join (select now_ms() + 86400000 as at) t`;
  const later = { shard: 0, member: "later", lane: "standard" as const, stream: "" };
  const asked = [{ ...later, after: { place: 0, offset: -1 }, limit: 100 }];
  const ahead = await readBy(() => store.refill({ fences, windows: asked, gates: [] }));
  expect(ahead.answer.windows[0]).toMatchObject({ scanned: 0, reached: null });
  expect(ahead.read).toBeLessThan(10);

  const windows = Array.from({ length: members }, (_, m) => {
    const window = { shard: 0, member: `m${m}`, lane: "standard" as const, stream: "" };
    return { ...window, after: { place: 0, offset: -1 }, limit: 5 };
  });
  const refilled = await readBy(() => store.refill({ fences, windows, gates: [] }));
  const heads = refilled.answer.windows.flatMap((window) => window.heads);
  expect(heads).toHaveLength(5 * members);
  expect(refilled.read).toBeLessThan(10 * heads.length);

  const items = heads.map(({ id }) => ({ shard: 0, id }));
  const claimed = await readBy(() => store.claim({ fences, items, pace: [] }));
  expect(claimed.answer.claimed).toHaveLength(items.length);
  expect(claimed.read).toBeLessThan(10 * items.length);

  const now = Date.now();
  const looked = await readBy(() =>
    store.poll({ fences, since: 0, until: now, gone: [], cancelled: [], commandsSince: 0, limit: 100 }),
  );
  expect(looked.answer.fenced).toEqual([0]);
  // Each of its six parts may look at what is claimed.
  expect(looked.read).toBeLessThan(10 * items.length);

  const steps = items.map(({ id }, i) => ({
    shard: 0,
    id,
    n: 1,
    op: "done" as const,
    outcome: "sent" as const,
    providerId: "p",
    seq: i + 1,
    event: Buffer.from("e"),
  }));
  const ended = await readBy(() => store.outcome({ fences, steps }));
  expect([...ended.answer.matched]).toHaveLength(items.length);
  expect(ended.read).toBeLessThan(10 * items.length);
});
