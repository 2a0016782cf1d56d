/** The statements themselves, against a real server: what an owner may do, and what one that lost its shard may not. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { freshSchedule, item, type Schedule } from "../../test/schedule.ts";
import type { Acquired, Store } from "../store.ts";
import { postgresStore } from "./postgres-store.ts";

let schedule: Schedule;
let a: Store;
let b: Store;
beforeEach(async () => {
  schedule = await freshSchedule();
  a = postgresStore({ sql: schedule.sql, owner: "a" });
  b = postgresStore({ sql: schedule.sql, owner: "b" });
});
afterEach(() => schedule.end());

const leaseMs = 60_000;
const event = Buffer.from("e");

async function held(store: Store): Promise<Acquired & { fence: { shard: number; epoch: number } }> {
  const got = await store.acquire({ shard: 0, leaseMs });
  expect(got).not.toBeNull();
  return { ...got!, fence: { shard: 0, epoch: got!.epoch } };
}

async function admitted(store: Store, fence: { shard: number; epoch: number }, ids: string[], firstSeq = 1) {
  const items = ids.map((id) => item({ id }));
  return store.admit({
    fence,
    cluster: "k",
    topic: "standard",
    partition: 0,
    nextOffset: Math.max(...items.map(({ offset }) => Number(offset))) + 1,
    admittedAt: Date.now(),
    items,
    events: items.map(() => event),
    firstSeq,
  });
}

async function expireLease() {
  await schedule.sql`update shard_lease set expires_at = clock_timestamp()`;
}

const claimOf = (fence: { shard: number; epoch: number }, id: string) => ({
  fences: [fence],
  items: [{ shard: 0, id }],
  pace: [],
});

const today = () => Math.floor(Date.now() / 86_400_000);

test("one owner at a time: a held shard is not acquired, an expired one is, under a new epoch", async () => {
  const first = await held(a);
  expect(await b.acquire({ shard: 0, leaseMs })).toBeNull();
  await expireLease();
  const second = await held(b);
  expect(second.epoch).toBe(first.epoch + 1);
  expect(second.cleanHandOver).toBe(false);
  expect((await a.renew({ fences: [first.fence], leaseMs })).fenced).toEqual([]);
});

test("what a former start of the same instance held is free at once, under a new epoch", async () => {
  const [before, after, other] = ["x/1", "x/2", "x-2/3"].map((owner) =>
    postgresStore({ sql: schedule.sql, owner }),
  ) as [Store, Store, Store];
  const first = await held(before);
  expect(await other.acquire({ shard: 0, leaseMs })).toBeNull();
  const second = await held(after);
  expect(second).toMatchObject({ epoch: first.epoch + 1, cleanHandOver: false });
  expect((await before.renew({ fences: [first.fence], leaseMs })).fenced).toEqual([]);
});

test("a released shard is free at once, and its pace is exact", async () => {
  const { fence } = await held(a);
  const nextArrival = Date.now() + 5_000;
  const pace = [
    { shard: 0, scope: "member" as const, key: "m1", nextArrival, day: 0, dayCount: 0, factor: 0.25 },
    { shard: 0, scope: "tenant" as const, key: "t1", nextArrival, day: today(), dayCount: 7, factor: 1 },
  ];
  await a.release({ fences: [fence], pace });
  const got = await held(b);
  expect(got.cleanHandOver).toBe(true);
  expect(got.pace).toEqual(pace);
});

test("stored pace never moves back, and a day's count begins anew with the day", async () => {
  const { fence } = await held(a);
  const nextArrival = Date.now() + 5_000;
  const row = { shard: 0, scope: "tenant" as const, key: "t1", nextArrival, factor: 1 };
  const store = (day: number, dayCount: number, at = nextArrival) =>
    a.claim({ fences: [fence], items: [], pace: [{ ...row, nextArrival: at, day, dayCount }] });
  await store(today() - 1, 900);
  await store(today(), 3);
  await store(today(), 2, nextArrival - 1_000);
  await store(today() - 1, 900);
  await expireLease();
  expect((await held(b)).pace).toEqual([{ ...row, day: today(), dayCount: 3 }]);
});

test("a message is claimed once", async () => {
  const { fence } = await held(a);
  await admitted(a, fence, ["m1/c1/0"]);
  const claims = await Promise.all(
    [a.claim(claimOf(fence, "m1/c1/0")), a.claim(claimOf(fence, "m1/c1/0"))].map((p) => p.catch(() => null)),
  );
  expect(claims.flatMap((reply) => reply?.claimed ?? [])).toHaveLength(1);
  expect((await a.claim(claimOf(fence, "m1/c1/0"))).claimed).toEqual([]);
});

test("no statement of a stale epoch, another owner or an expired lease does anything", async () => {
  const old = await held(a);
  await admitted(a, old.fence, ["m1/c1/0", "m1/c2/1"]);
  await a.claim(claimOf(old.fence, "m1/c1/0"));
  await expireLease();
  for (const stage of ["expired", "taken over"]) {
    if (stage === "taken over") await held(b);
    const steps = [
      {
        shard: 0,
        id: "m1/c1/0",
        n: 1,
        op: "done" as const,
        outcome: "sent" as const,
        providerId: "p",
        event,
        seq: 9,
      },
    ];
    expect(await a.claim(claimOf(old.fence, "m1/c2/1"))).toMatchObject({ fenced: [], claimed: [] });
    expect(await a.outcome({ fences: [old.fence], steps })).toMatchObject({ fenced: [], matched: [] });
    expect((await admitted(a, old.fence, ["m1/c3/2"], 20)).fenced).toEqual([]);
    expect(await a.watermark({ marks: [{ ...old.fence, seq: 2 }] })).toMatchObject({ fenced: [] });
    expect(
      await a.poll({
        fences: [old.fence],
        since: 0,
        until: Date.now(),
        gone: [],
        cancelled: [],
        commandsSince: 0,
        limit: 10,
      }),
    ).toMatchObject({
      fenced: [],
      doubts: [],
    });
  }
  const [counts] = await schedule.sql`select (select count(*) from pending)::int as pending,
    (select count(*) from attempt)::int as attempt, (select count(*) from outbox)::int as outbox,
    (select count(*) from done)::int as done, (select next_offset::int from admit_cursor) as cursor`;
  expect(counts).toEqual({ pending: 2, attempt: 1, outbox: 2, done: 0, cursor: 2 });
});

test("acquisition waits for a statement that is under way under the old epoch", async () => {
  const { fence } = await held(a);
  await admitted(a, fence, ["m1/c1/0"]);
  const order: string[] = [];
  let taken: Promise<unknown> | undefined;
  await schedule.sql.begin(async (tx) => {
    const slow = postgresStore({ sql: tx as unknown as typeof schedule.sql, owner: "a" });
    await slow.claim(claimOf(fence, "m1/c1/0"));
    await tx`update shard_lease set owner = owner where false`;
    taken = a.acquire({ shard: 0, leaseMs }).then(() => order.push("acquired"));
    // The acquisition is seen waiting for the lock before this transaction ends.
    for (;;) {
      const waiting =
        await schedule.sql`select from pg_stat_activity where wait_event_type = 'Lock' and query like '%released from shard_lease%'`;
      if (waiting.length > 0) break;
    }
    order.push("committed");
  });
  await taken;
  expect(order).toEqual(["committed", "acquired"]);
});

test("a renewal does not wait for a claim that is under way", async () => {
  const { fence } = await held(a);
  await admitted(a, fence, ["m1/c1/0"]);
  await schedule.sql.begin(async (tx) => {
    await postgresStore({ sql: tx as unknown as typeof schedule.sql, owner: "a" }).claim(
      claimOf(fence, "m1/c1/0"),
    );
    expect((await a.renew({ fences: [fence], leaseMs })).fenced).toEqual([0]);
  });
});

test("a batch given twice is taken once; another body under a known id is a conflict", async () => {
  const { fence } = await held(a);
  const first = await admitted(a, fence, ["m1/c1/0", "m1/c2/1"]);
  expect(first.verdicts.map(({ kind }) => kind)).toEqual(["new", "new"]);
  const again = await admitted(a, fence, ["m1/c1/0", "m1/c2/1"], 10);
  expect(again.verdicts.map(({ kind }) => kind)).toEqual(["below_cursor", "below_cursor"]);
  // The same messages once more from the producer: other offsets, so the cursor does not help.
  const repeat = (id: string, fingerprint: string) => ({ ...item({ id, fingerprint }), offset: "7" });
  const repeated = await a.admit({
    fence,
    cluster: "k",
    topic: "standard",
    partition: 0,
    nextOffset: 8,
    admittedAt: Date.now(),
    items: [repeat("m1/c1/0", "f"), repeat("m1/c2/1", "other")],
    events: [event, event],
    firstSeq: 20,
  });
  expect(repeated.verdicts.map(({ kind }) => kind)).toEqual(["known", "conflict"]);
  expect((await schedule.sql`select from outbox`).length).toBe(2);
  expect(await a.cursors(0)).toEqual([{ cluster: "k", topic: "standard", partition: 0, nextOffset: "8" }]);
});

test("only the first of a conversation can be claimed, also when it waits for a retry", async () => {
  const { fence } = await held(a);
  const { verdicts } = await admitted(a, fence, ["m1/c1/0", "m1/c1/1"]);
  expect(verdicts.map((verdict) => verdict.kind === "new" && verdict.head)).toEqual([true, false]);
  expect((await a.claim(claimOf(fence, "m1/c1/1"))).claimed).toEqual([]);
  await a.claim(claimOf(fence, "m1/c1/0"));
  const requeue = {
    shard: 0,
    id: "m1/c1/0",
    n: 1,
    op: "requeue" as const,
    nextAt: Date.now() + 60_000,
    attempts: 1,
    event,
    seq: 9,
  };
  expect((await a.outcome({ fences: [fence], steps: [requeue] })).matched).toEqual([0]);
  expect((await a.claim(claimOf(fence, "m1/c1/1"))).claimed).toEqual([]);
  expect((await a.claim(claimOf(fence, "m1/c1/0"))).claimed).toEqual([]);
});

test("a step is done once: its repetition does not match", async () => {
  const { fence } = await held(a);
  await admitted(a, fence, ["m1/c1/0"]);
  await a.claim(claimOf(fence, "m1/c1/0"));
  const step = {
    shard: 0,
    id: "m1/c1/0",
    n: 1,
    op: "done" as const,
    outcome: "sent" as const,
    providerId: "p",
    event,
    seq: 9,
  };
  expect((await a.outcome({ fences: [fence], steps: [step] })).matched).toEqual([0]);
  expect((await a.outcome({ fences: [fence], steps: [{ ...step, seq: 10 }] })).matched).toEqual([]);
  const [done] = await schedule.sql`select outcome, provider_id, n from done`;
  expect(done).toEqual({ outcome: "sent", provider_id: "p", n: 1 });
});

test("a release ends the claim of its own epoch only, though another claim has the same number", async () => {
  const { fence } = await held(a);
  await admitted(a, fence, ["m1/c1/0"]);
  await a.claim(claimOf(fence, "m1/c1/0"));
  const release = { shard: 0, id: "m1/c1/0", n: 1, op: "release" as const, event: null, seq: 0 };
  const steps = (epoch: number) => ({ fences: [fence], steps: [{ ...release, epoch }] });
  expect((await a.outcome(steps(fence.epoch - 1))).matched).toEqual([]);
  expect((await a.outcome(steps(fence.epoch))).matched).toEqual([0]);
});

test("retention empties the slot that comes next, and nothing of the last eight days", async () => {
  const { sql } = schedule;
  const day = 86_400_000;
  const row = (id: string, daysAgo: number) => sql`
    insert into done (slot, id, shard, outcome, n, fingerprint, finished_at)
    select done_slot(t), ${id}, 0, 'sent', 1, 'f', t from (select now_ms() - ${daysAgo * day}::bigint as t) at`;
  for (const daysAgo of [0, 1, 8, 12]) await row(`ended ${daysAgo} days ago`, daysAgo);
  const left = async () => (await sql<{ id: string }[]>`select id from done order by id`).map(({ id }) => id);
  // An event of that day was never published: what it speaks of is kept as long.
  await held(a);
  await sql`insert into outbox (shard, seq, event, created_at)
    values (0, 5, ''::bytea, now_ms() - ${9 * day}::bigint)`;
  await a.retain();
  expect(await left()).toHaveLength(4);
  await sql`update shard_lease set published_seq = 5 where shard = 0`;
  await a.retain();
  expect(await left()).toEqual(["ended 0 days ago", "ended 1 days ago", "ended 8 days ago"]);
});
