/** Shards that change hands, in order and not: nothing is lost, nothing is sent twice. */
import { until } from "@wamesh/testing";
import { expect, test } from "vitest";
import { joined, schedule } from "../test/each-test.ts";
import { type Bench, batch, bench, item, member, type Schedule } from "../test/schedule.ts";
import type { SendResult } from "./index.ts";

function start(options: Parameters<typeof bench>[1] = {}, of: Schedule = schedule): Bench {
  return joined(bench(of, options));
}

/** A process whose connections can be cut for good, as a crash does. */
async function doomed(options: Parameters<typeof bench>[1] = {}) {
  const sql = schedule.connect();
  const one = bench({ ...schedule, sql }, { ...options, settings: { stopMs: 0, ...options.settings } });
  joined(one);
  return {
    ...one,
    async crash() {
      await sql.end({ timeout: 0 });
      await schedule.sql`update shard_lease set expires_at = clock_timestamp()`;
    },
  };
}

test("what a crashed owner had claimed is in doubt, not sent again; the rest goes on; its events are published", async () => {
  const a = await doomed({
    // Two answers come, the others never; no event gets out.
    send: async ({ id }) =>
      id < "m1/c2" ? { kind: "accepted", providerId: "p" } : new Promise<SendResult>(() => {}),
    publish: async () => {
      throw new Error("away");
    },
    settings: { inFlight: 6 },
  });
  a.pacer.own(0);
  const ids = Array.from({ length: 10 }, (_, i) => `m1/c${i}/${i}`);
  await a.pacer.admit(batch(ids.map((id) => item({ id }))));
  await until(async () => (await schedule.sql`select from done`).length === 2);
  await until(async () => (await schedule.sql`select from attempt`).length === 6);
  await a.crash();

  const b = start();
  b.pacer.own(0);
  await until(() => ids.slice(8).every((id) => b.statusOf(id).includes("sent")));
  await until(() => ids.slice(2, 8).every((id) => b.statusOf(id).includes("in_doubt")));
  // Different conversations: their order among each other is not promised.
  expect(b.written.map(({ id }) => id).sort()).toEqual(ids.slice(8));
  expect(b.statusOf("m1/c0/0")).toEqual(["queued", "sent"]);
  await b.pacer.settle({
    shard: 0,
    id: "m1/c5/5",
    n: 1,
    outcome: "sent",
    providerId: "p",
    reason: null,
    at: Date.now(),
  });
  await until(() => b.statusOf("m1/c5/5").at(-1) === "sent");
});

test("a planned hand-over is quick, leaves no doubt, and keeps the pace", async () => {
  const ratePerS = 20;
  const a = start({ members: () => member({ ratePerS }) });
  const b = start({ members: () => member({ ratePerS }) });
  a.pacer.own(0);
  const ids = Array.from({ length: 40 }, (_, i) => `m1/c${i}/${i}`);
  await a.pacer.admit(batch(ids.map((id) => item({ id }))));
  b.pacer.own(0);
  await until(() => a.written.length >= 10);
  const askedAt = performance.now();
  await a.pacer.disown(0);
  await until(() => b.written.length > 0);
  expect(b.written[0]!.at - askedAt).toBeLessThan(2_000);
  await until(() => a.written.length + b.written.length === 40);
  const all = [...a.written, ...b.written].map(({ at }) => at);
  expect(b.written[0]!.at).toBeGreaterThan(a.written.at(-1)!.at);
  let arrival = Number.NEGATIVE_INFINITY;
  for (const at of all) {
    expect(at).toBeGreaterThanOrEqual(arrival - 25);
    arrival = Math.max(arrival, at) + 1000 / ratePerS;
  }
  await until(() => ids.every((id) => [...a.statusOf(id), ...b.statusOf(id)].includes("sent")));
  expect([...a.published, ...b.published].filter(({ change }) => change.status === "in_doubt")).toEqual([]);
});

test("an owner that was stopped too long sends nothing more, and its answers are not written over the new owner's", async () => {
  let answer: (result: SendResult) => void = () => {};
  const a = start({
    send: () => new Promise((resolve) => (answer = resolve)),
    settings: { renewMs: 60_000, leaseActMs: 5_000 },
  });
  a.pacer.own(0);
  await a.pacer.admit(batch([item({ id: "m1/c1/0" }), item({ id: "m1/c1/1" })]));
  await until(() => a.written.length === 1);
  await schedule.sql`update shard_lease set expires_at = clock_timestamp()`;
  const b = start();
  b.pacer.own(0);
  await until(() => b.statusOf("m1/c1/0").includes("in_doubt"));
  answer({ kind: "accepted", providerId: "too late" });
  await until(() => a.logs.some(({ event }) => event === "shard_lost"));
  await b.pacer.settle({
    shard: 0,
    id: "m1/c1/0",
    n: 1,
    outcome: "sent",
    providerId: "p",
    reason: null,
    at: Date.now(),
  });
  await until(() => b.statusOf("m1/c1/1").includes("sent"));
  expect(a.written).toHaveLength(1);
  const rows = await schedule.sql`select id, provider_id from done order by id`;
  expect(rows.map(({ provider_id }) => provider_id)).toEqual(["p", "p-m1/c1/1"]);
});

test("connections cut again and again: all is sent, once, in order, and every event is published", async () => {
  const a = start({ members: () => member({ ratePerS: 500 }), settings: { acquireRetryMs: 20 } });
  a.pacer.own(0);
  const ids = Array.from({ length: 1_000 }, (_, i) => `m${i % 5}/c${i % 200}/${i}`);
  const feed = async () => {
    for (let at = 0; at < ids.length; at += 50) {
      const next = batch(ids.slice(at, at + 50).map((id) => item({ id })));
      const isTaken = () =>
        a.pacer.admit(next).then(
          () => true,
          () => false,
        );
      // As a consumer does: the same batch until it is taken.
      while (!(await isTaken()));
    }
  };
  const feeding = feed();
  for (let cuts = 0; cuts < 10; cuts++) {
    await until(() => a.written.length >= cuts * 100, { withinMs: 40_000 });
    await schedule.sql`select pg_terminate_backend(pid) from pg_stat_activity
      where pid <> pg_backend_pid() and query like '%shard_lease%' and application_name = ${schedule.schema}`.catch(
      () => {},
    );
  }
  await feeding;
  await until(() => ids.every((id) => a.statusOf(id).includes("sent")), { withinMs: 40_000 });
  const times = Map.groupBy(a.written, ({ id }) => id);
  expect([...times.values()].filter((writes) => writes.length > 1)).toEqual([]);
  const conversationOf = (id: string) => id.slice(0, id.lastIndexOf("/"));
  for (const conversation of new Set(ids.map(conversationOf))) {
    const order = a.written.map(({ id }) => id).filter((id) => conversationOf(id) === conversation);
    expect(order).toEqual(ids.filter((id) => conversationOf(id) === conversation));
  }
  expect(a.logs.filter(({ event }) => event === "shard_lost").length).toBeGreaterThan(0);
});

test("an admission that waits for its shard can be given up, and be given again", async () => {
  const a = start();
  a.pacer.own(0);
  await until(() => a.pacer.owned().has(0));
  const b = start();
  b.pacer.own(0);
  const one = batch([item({ id: "m1/c1/0" })]);
  const giveUp = new AbortController();
  const waiting = b.pacer.admit(one, giveUp.signal);
  giveUp.abort();
  await expect(waiting).rejects.toThrow("given up");
  await expect(b.pacer.admit(one, giveUp.signal)).rejects.toThrow();
  await a.pacer.stop();
  expect(await b.pacer.admit(one, new AbortController().signal)).toMatchObject({ admitted: 1 });
  expect(b.written.length + a.written.length).toBeLessThanOrEqual(1);
});
