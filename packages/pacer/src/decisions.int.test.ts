/** What a person decides over one message, on a real database. */
import { until } from "@wamesh/testing";
import { expect, test } from "vitest";
import { schedule, start } from "../test/each-test.ts";
import { type Bench, batch, item, member } from "../test/schedule.ts";
import type { CommandKind, Echo, Member, SendResult } from "./index.ts";
import { postgresStore } from "./index.ts";

const id = "m1/c1/0";
const held = { members: () => member({ state: "held" }) };
const accepted: SendResult = { kind: "accepted", providerId: "p" };
const unsure: SendResult = {
  kind: "unsure",
  reason: { code: "outcome_unknown", faultClass: "provider", providerCode: null, detail: "" },
};
const receipt: Echo = { shard: 0, id, n: 1, outcome: "sent", providerId: "p1", reason: null, at: Date.now() };
/** The first claim's answer never comes. */
const firstUnsure = { send: async ({ claim }: { claim: number }) => (claim === 1 ? unsure : accepted) };

function decide({ pacer }: Bench, kind: CommandKind, over: { id?: string; tenant?: string } = {}) {
  return pacer.command({ shard: 0, id, tenant: "t1", kind, ...over });
}

let markers = 0;

/** What was noted before has been looked at: two polls end an item each. */
async function looked(one: Bench): Promise<void> {
  for (let poll = 0; poll < 2; poll++) {
    const marker = `m1/marker/${markers++}`;
    await one.pacer.admit(batch([item({ id: marker, topic: "marker", nextAt: Date.now() + 3_600_000 })]));
    await decide(one, "cancel", { id: marker });
    await until(() => one.statusOf(marker).includes("cancelled"));
  }
}

test("a cancel ends a waiting message, whether it comes before it or after it, also a second time", async () => {
  const one = start(held);
  const later = "m1/c2/1";
  await decide(one, "cancel", { id: later });
  await one.pacer.admit(batch([item({ id }), item({ id: later, nextAt: Date.now() + 3_600_000 })]));
  await until(() => one.statusOf(later).includes("cancelled"));
  await Promise.all([decide(one, "cancel"), decide(one, "cancel")]);
  await until(() => one.statusOf(id).includes("cancelled"));
  await decide(one, "cancel");
  await looked(one);
  expect(one.statusOf(id)).toEqual(["queued", "cancelled"]);
  expect(one.written).toEqual([]);
});

test("a cancel that nobody has looked at is found by the next owner", async () => {
  const one = start(held);
  await one.pacer.admit(batch([item({ id })]));
  await one.pacer.stop();
  await schedule.sql`insert into command (id, tenant, kind, shard, created_at) values (${id}, 't1', 'cancel', 0, 1)`;
  const next = start(held);
  await until(() => next.statusOf(id).includes("cancelled"));
});

test("a message that left is not cancelled", async () => {
  const one = start();
  await one.pacer.admit(batch([item({ id })]));
  await until(() => one.statusOf(id).includes("sent"));
  await decide(one, "cancel");
  await looked(one);
  expect(one.statusOf(id)).toEqual(["queued", "sent"]);
});

test("nobody decides over a message of another tenant, nor stands in the way of its own", async () => {
  const one = start({
    ...firstUnsure,
    settings: { doubtMs: 300 },
    members: (of) => member({ state: of === "m2" ? "held" : "open" }),
  });
  const waiting = "m2/c1/1";
  const other = { tenant: "t2" };
  await decide(one, "cancel", { id: waiting, ...other });
  await one.pacer.admit(batch([item({ id }), item({ id: waiting })]));
  await until(() => one.statusOf(id).includes("in_doubt"));
  await decide(one, "accept_unknown", other);
  await decide(one, "resend", other);
  await until(() => one.statusOf(id).includes("unconfirmed"));
  await decide(one, "accept_unknown", other);
  await decide(one, "resend", other);
  await looked(one);
  expect(one.statusOf(id)).toEqual(["queued", "in_doubt", "unconfirmed"]);
  expect(one.statusOf(waiting)).toEqual(["queued"]);
  expect((await schedule.sql`select from done where item is not null`).length).toBe(1);
  await decide(one, "cancel", { id: waiting });
  await decide(one, "resend");
  await until(() => one.statusOf(waiting).includes("cancelled") && one.statusOf(id).includes("sent"));
});

test("a doubt is sent again by decision, once, with the next claim and time to live", async () => {
  const one = start({ send: async () => unsure });
  await one.pacer.admit(batch([item({ id, notAfter: Date.now() + 2_000 })]));
  await until(() => one.statusOf(id).includes("in_doubt"));
  await schedule.sql`update pending set not_after = now_ms() - 1, place = now_ms() - 60001`;
  await Promise.all([decide(one, "resend"), decide(one, "resend")]);
  await until(() => one.statusOf(id).length === 4);
  // The same decision, read again while the second claim is in doubt.
  await decide(one, "resend");
  await looked(one);
  expect(one.statusOf(id)).toEqual(["queued", "in_doubt", "queued", "in_doubt"]);
  const mine = one.written.filter((write) => write.id === id);
  expect(mine.map(({ n }) => n)).toEqual([1, 2]);
  expect(one.published.filter((event) => event.id === id)[2]).toMatchObject({
    n: 1,
    change: { reason: { code: "resend_decided" } },
  });
  const [row] = await schedule.sql`select (not_after - next_at)::int as ttl from pending where id = ${id}`;
  expect(row?.ttl).toBe(300_000);
});

test("one that ended unconfirmed is sent again by decision, once", async () => {
  const one = start({ settings: { doubtMs: 200 }, send: async () => unsure });
  const ttl = 3_600_000;
  await one.pacer.admit(batch([item({ id, notAfter: Date.now() + ttl, payload: { text: "kept" } })]));
  await until(() => one.statusOf(id).includes("unconfirmed"));
  await decide(one, "resend");
  await until(() => one.statusOf(id).length === 6);
  await decide(one, "resend");
  await looked(one);
  expect(one.statusOf(id)).toEqual([
    "queued",
    "in_doubt",
    "unconfirmed",
    "queued",
    "in_doubt",
    "unconfirmed",
  ]);
  expect(one.written.filter((write) => write.id === id).map(({ n }) => n)).toEqual([1, 2]);
  const [done] = await schedule.sql`select n, item, payload from done where id = ${id}`;
  expect(done).toMatchObject({
    n: 2,
    item: { attempts: 1, n: 1, tenant: "t1" },
    payload: "kept",
  });
  const left = done?.item.not_after - done?.item.place;
  expect(Math.abs(left - ttl)).toBeLessThan(5_000);
  // Its id is still known.
  expect(await one.pacer.admit(batch([item({ id, offset: "7" })]))).toMatchObject({ known: 1, admitted: 0 });
});

test("a receipt that comes before the second sending leaves settles it", async () => {
  let state: Member["state"] = "open";
  const one = start({ ...firstUnsure, settings: { doubtMs: 200 }, members: () => member({ state }) });
  await one.pacer.admit(batch([item({ id })]));
  await until(() => one.statusOf(id).includes("unconfirmed"));
  state = "held";
  one.pacer.memberChanged("m1");
  await decide(one, "resend");
  await until(() => one.statusOf(id).at(-1) === "queued");
  await one.pacer.settle(receipt);
  await until(() => one.statusOf(id).at(-1) === "sent");
  state = "open";
  one.pacer.memberChanged("m1");
  await looked(one);
  expect(one.written.filter((write) => write.id === id)).toHaveLength(1);
  expect(one.published.findLast((event) => event.id === id)).toMatchObject({
    n: 1,
    change: { providerId: "p1" },
  });
  expect((await schedule.sql`select from echo`).length).toBe(0);
});

test("the claim itself refuses what a receipt says was sent", async () => {
  const store = postgresStore({ sql: schedule.sql, owner: "a" });
  const one = start({ ...firstUnsure, settings: { doubtMs: 200 } });
  await one.pacer.admit(batch([item({ id })]));
  await until(() => one.statusOf(id).includes("unconfirmed"));
  await one.pacer.stop();
  await schedule.sql`
    with d as (delete from done returning item, payload)
    insert into pending select (jsonb_populate_record(null::pending, d.item || '{"n": 1}' || jsonb_build_object('payload', d.payload))).* from d`;
  const { epoch } = (await store.acquire({ shard: 0, leaseMs: 10_000 }))!;
  expect(await store.settle([receipt])).toEqual({ shards: [0] });
  const reply = await store.claim({ fences: [{ shard: 0, epoch }], items: [{ shard: 0, id }], pace: [] });
  expect(reply).toMatchObject({ claimed: [], arrived: [{ item: { id }, n: 1, providerId: "p1" }] });
});

test("a doubt that is left unknown ends at once, and its content is forgotten", async () => {
  const one = start({ send: async () => unsure });
  await one.pacer.admit(batch([item({ id })]));
  await until(() => one.statusOf(id).includes("in_doubt"));
  await decide(one, "accept_unknown");
  await until(() => one.statusOf(id).includes("unconfirmed"));
  expect(one.published.at(-1)).toMatchObject({
    change: { reason: { code: "unknown_accepted" }, dead: false },
  });
  await until(
    async () => (await schedule.sql`select from done where item is null and payload is null`).length === 1,
  );
  await decide(one, "resend");
  await one.pacer.settle(receipt);
  await looked(one);
  expect(one.statusOf(id)).toEqual(["queued", "in_doubt", "unconfirmed"]);
});

test("so is the content of one that ended unconfirmed, without another status", async () => {
  const one = start({ settings: { doubtMs: 200 }, send: async () => unsure });
  await one.pacer.admit(batch([item({ id })]));
  await until(() => one.statusOf(id).includes("unconfirmed"));
  await Promise.all([decide(one, "accept_unknown"), decide(one, "accept_unknown")]);
  await until(
    async () => (await schedule.sql`select from done where item is null and payload is null`).length === 1,
  );
  await looked(one);
  expect(one.statusOf(id)).toEqual(["queued", "in_doubt", "unconfirmed"]);
});

test("a doubt is not cancelled, but what would be sent again is", async () => {
  const one = start({ settings: { doubtMs: 1_000 }, send: async () => unsure });
  const again = "m1/c2/1";
  await one.pacer.admit(batch([item({ id }), item({ id: again, doubtPolicy: "resend" })]));
  await until(() => one.statusOf(id).includes("in_doubt") && one.statusOf(again).includes("in_doubt"));
  await decide(one, "cancel");
  await decide(one, "cancel", { id: again });
  await until(() => one.statusOf(id).length === 3 && one.statusOf(again).length === 3);
  expect(one.statusOf(id)).toEqual(["queued", "in_doubt", "unconfirmed"]);
  expect(one.statusOf(again)).toEqual(["queued", "in_doubt", "cancelled"]);
  expect(one.written).toHaveLength(2);
});

test("a resend of what is neither in doubt nor unconfirmed leaves no trace", async () => {
  const one = start(held);
  await one.pacer.admit(batch([item({ id })]));
  for (const kind of ["resend", "accept_unknown"] as const) {
    await decide(one, kind);
    await decide(one, kind, { id: "nobody's" });
  }
  expect((await schedule.sql`select from command`).length).toBe(0);
});

test("a hundred thousand old decisions cost the poll nothing", async () => {
  const { sql } = schedule;
  const store = postgresStore({ sql, owner: "a" });
  const { epoch, dbNow } = (await store.acquire({ shard: 0, leaseMs: 60_000 }))!;
  await sql`insert into command (id, tenant, kind, shard, created_at)
    select 'old ' || n, 't1', 'cancel', 0, 0 from generate_series(1, 100000) n`;
  await sql`analyze command`;
  const since = { since: 0, until: 0, limit: 500, gone: [], cancelled: [], commandsSince: dbNow - 30_000 };
  expect((await store.poll({ fences: [{ shard: 0, epoch }], ...since })).fenced).toEqual([0]);
  // What the poll asks of the table is answered from the end of an index, so what lies before costs nothing.
  const plan = await sql`explain (format json)
    select from command c where c.shard = 0 and c.created_at > ${dbNow - 30_000}::bigint and c.kind = 'cancel'`;
  expect(JSON.stringify(plan)).toContain("command_new");
});
