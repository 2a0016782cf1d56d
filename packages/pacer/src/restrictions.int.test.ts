/** What keeps items back beside their members' own pace, on a real database: streams held, shared limits, persons, guards. */
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "@wamesh/testing";
import { expect, test } from "vitest";
import { start } from "../test/each-test.ts";
import { batch, item, member } from "../test/schedule.ts";
import type { Hold, Reason } from "./index.ts";

const ofStream = (stream: string, count: number, from = 0) =>
  Array.from({ length: count }, (_, i) =>
    item({ id: `m1/${stream}${i}/${from + i}`, lane: "bulk", topic: "bulk", stream }),
  );

test("a held stream waits, others go on; released, it leaves; the hold survives a restart", async () => {
  let hold: Hold | null = { kind: "held", reason: "campaign_paused" };
  const options = { hold: (_: string, stream: string) => (stream === "a" ? hold : null) };
  const first = start(options);
  await first.pacer.admit(batch([...ofStream("a", 5), ...ofStream("b", 5, 5)]));
  await until(() => first.written.length === 5);
  await first.pacer.stop();
  const second = start(options);
  await until(() => second.pacer.owned().has(0));
  await sleep(300);
  expect([...first.written, ...second.written].map(({ id }) => id.slice(0, 4))).toEqual(
    Array(5).fill("m1/b"),
  );
  expect(second.pacer.snapshot().queued.bulk).toBe(5);
  hold = null;
  second.pacer.holdsChanged("t1");
  await until(() => second.written.length === 5);
});

test("a cancelled stream ends what is not claimed, also what comes after the cancellation", async () => {
  let hold: Hold | null = null;
  const { pacer, written, statusOf } = start({
    hold: () => hold,
    members: () => member({ ratePerS: 20 }),
  });
  const before = ofStream("a", 40);
  await pacer.admit(batch(before));
  await until(() => written.length >= 3);
  hold = { kind: "cancelled", reason: "campaign_cancelled" };
  pacer.holdsChanged("t1");
  const after = ofStream("a", 45).slice(40);
  await pacer.admit(batch(after, { topic: "bulk" }));
  const ids = [...before, ...after].map(({ id }) => id);
  await until(() => ids.every((id) => ["sent", "cancelled"].includes(statusOf(id).at(-1)!)), {
    withinMs: 5_000,
  });
  // Those on the wire were sent, nothing else.
  expect(ids.filter((id) => statusOf(id).at(-1) === "sent")).toHaveLength(written.length);
  expect(written.length).toBeLessThan(10);
});

test("a stream's own pace holds over all members and a restart, other streams pass it, and a new rate holds at once", async () => {
  let ratePerS = 4;
  const options = {
    streamPace: (_: string, stream: string) =>
      stream === "a" ? { key: "t1/a", ratePerS, reason: "campaign_pace" } : null,
  };
  const slow = Array.from({ length: 24 }, (_, i) =>
    item({ id: `m${i % 3}/a${i}/${i}`, offset: String(i), lane: "bulk", topic: "bulk", stream: "a" }),
  );
  const first = start(options);
  await first.pacer.admit(batch([...slow, ...ofStream("b", 20, 24)]));
  await until(() => first.written.filter(({ id }) => id.includes("/a")).length === 4);
  expect(first.written.filter(({ id }) => id.includes("/b"))).toHaveLength(20);
  expect(first.pacer.snapshot().held).toContainEqual(
    expect.objectContaining({ stream: "a", reason: "campaign_pace" }),
  );
  await first.pacer.stop();
  const second = start(options);
  await until(() => second.written.length === 4);
  const times = [...first.written, ...second.written]
    .filter(({ id }) => id.includes("/a"))
    .map(({ at }) => at);
  const apart = times.slice(1).map((at, i) => at - times[i]!);
  // 20 ms that the pacer allows itself for late timers, and some between its decision and the write.
  expect(Math.min(...apart)).toBeGreaterThan(250 - 45);
  ratePerS = 1_000;
  second.pacer.holdsChanged("t1");
  await until(() => second.written.length >= 20, { withinMs: 1_000 });
});

test("members that share a limit stay below it together, and a take-over continues it", async () => {
  const limits = [{ scope: "tenant" as const, key: "t1", perMinute: 100, perDay: null }];
  const options = { members: () => member({ limits }) };
  const first = start(options);
  const items = Array.from({ length: 24 }, (_, i) => item({ id: `m${i % 3}/c${i}/${i}`, offset: String(i) }));
  await first.pacer.admit(batch(items));
  // Ten at once, then one each 660 ms.
  await until(() => first.written.length === 11);
  await first.pacer.stop();
  const second = start(options);
  await until(() => second.written.length === 2);
  const times = [...first.written, ...second.written].map(({ at }) => at);
  expect(times[9]! - times[0]!).toBeLessThan(300);
  expect(times[12]! - times[0]!).toBeGreaterThan(3 * 659);
});

test("a day's limit ends the day, and says so", async () => {
  const limits = [{ scope: "tenant" as const, key: "t1", perMinute: null, perDay: 3 }];
  const { pacer, written } = start({ members: () => member({ limits }) });
  await pacer.admit(batch(Array.from({ length: 5 }, (_, i) => item({ id: `m1/c${i}/${i}` }))));
  await until(() => written.length === 3);
  await sleep(300);
  expect(written).toHaveLength(3);
  const midnight = (Math.floor(Date.now() / 86_400_000) + 1) * 86_400_000;
  const [held] = pacer.snapshot().held;
  expect(held).toMatchObject({ tenant: "t1", member: "m1", reason: "plan_day_limit", messages: 2 });
  expect(Math.abs(held!.until! - midnight)).toBeLessThan(100);
});

test("one person gets a burst and then one each interval; others are not kept waiting", async () => {
  const { pacer, written, published } = start({
    members: () => member({ pair: { intervalMs: 400, burst: 3 } }),
    settings: { lookaheadMs: 50 },
  });
  await until(() => pacer.owned().has(0));
  // A new owner does not know what the last one sent: it waits until nothing can be owed.
  await sleep(1_700);
  const toOne = Array.from({ length: 5 }, (_, i) => item({ id: `m1/c1/${i}`, lane: "otp", topic: "otp" }));
  const toOthers = Array.from({ length: 5 }, (_, i) =>
    item({ id: `m1/d${i}/${9 + i}`, topic: "otp", lane: "otp" }),
  );
  await pacer.admit(batch([...toOne, ...toOthers]));
  await until(() => written.length === 10);
  const times = written.filter(({ id }) => id.includes("/c1/")).map(({ at }) => at);
  expect(times[2]! - times[0]!).toBeLessThan(200);
  expect(times[3]! - times[0]!).toBeGreaterThan(380);
  expect(times[4]! - times[3]!).toBeGreaterThan(380);
  const others = written.filter(({ id }) => id.includes("/d"));
  expect(Math.max(...others.map(({ at }) => at)) - times[0]!).toBeLessThan(300);
  const reasons = published.flatMap(({ change }) => ("reason" in change ? (change.reason?.code ?? []) : []));
  expect(reasons).toContain("pair_limit");
});

test("what its guard holds back is told when it may leave, and leaves then", async () => {
  const quiet: Reason = { code: "quiet_hours", faultClass: "policy", providerCode: null, detail: "" };
  const until_ = Date.now() + 1_200;
  const { pacer, written, published } = start({
    guard: ({ id }, now) =>
      id.includes("/c1/") && now < until_ ? { kind: "wait", until: until_, reason: quiet } : null,
  });
  await pacer.admit(batch([item({ id: "m1/c1/0" }), item({ id: "m1/c2/1" })]));
  await until(() => written.length === 1);
  await until(() => published.some(({ change }) => change.status === "queued" && change.reason !== null));
  expect(published.find(({ change }) => "reason" in change && change.reason !== null)).toMatchObject({
    id: "m1/c1/0",
    change: { status: "queued", nextAt: until_, reason: quiet },
  });
  await until(() => written.length === 2, { withinMs: 4_000 });
  expect(Date.now()).toBeGreaterThanOrEqual(until_);
});

test("what its guard refuses ends when it is claimed, with the reason; its followers go on, and it is no dead letter", async () => {
  const reason: Reason = { code: "outside_window", faultClass: "policy", providerCode: null, detail: "" };
  const { pacer, written, published, statusOf } = start({
    guard: ({ id, n }) => (id === "m1/c1/0" && n > 0 ? { kind: "refuse", reason } : null),
  });
  await pacer.admit(batch([item({ id: "m1/c1/0" }), item({ id: "m1/c1/1" })]));
  await until(() => statusOf("m1/c1/1").includes("sent"));
  expect(statusOf("m1/c1/0")).toEqual(["queued", "failed"]);
  expect(written.map(({ id }) => id)).toEqual(["m1/c1/1"]);
  expect(published.find(({ change }) => change.status === "failed")?.change).toMatchObject({
    reason,
    dead: false,
  });
});

test("time decides no doubt while receipts are not read up to date", async () => {
  let current = false;
  const { pacer, statusOf } = start({
    send: async () => ({
      kind: "unsure",
      reason: { code: "x", faultClass: "provider", providerCode: null, detail: "" },
    }),
    receiptsCurrent: () => current,
    settings: { doubtMs: 100, pollMs: 100 },
  });
  await pacer.admit(batch([item({ id: "m1/c1/0" })]));
  await until(() => statusOf("m1/c1/0").includes("in_doubt"));
  await sleep(600);
  expect(statusOf("m1/c1/0").at(-1)).toBe("in_doubt");
  current = true;
  await until(() => statusOf("m1/c1/0").at(-1) === "unconfirmed");
});
