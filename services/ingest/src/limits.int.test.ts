/** Limits on a real Redis: how many requests, how many one-time passwords, how many that wait. */
import { randomBytes } from "node:crypto";
import { dispatchState, tenantConfig } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench, replyOf } from "./test-bench.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const basic = tenantConfig().tenant_record!.plan;
const text = { text: { body: "Hi" } };
const number = (prefix: string) =>
  `+${prefix}${String(Number(`0x${randomBytes(3).toString("hex")}`) % 10_000).padStart(4, "0")}`;

test("a key that asks faster than its plan allows gets 429 with the time to wait, and its neighbour does not", async () => {
  bench.plans.set("acme", { ...basic, requests_per_s: 5 });
  const get = (key: string) => bench.call("GET", "/v1/rules", undefined, { key });
  const answers = await Promise.all(Array.from({ length: 30 }, () => get("acme00000000")));
  const passed = answers.filter(({ status }) => status === 200);
  // Ten at once, and what refills while they are judged.
  expect(passed.length).toBeGreaterThanOrEqual(10);
  expect(passed.length).toBeLessThan(20);
  expect(passed[0]!.headers.get("ratelimit-policy")).toBe('"key";q=10;w=2');
  const refused = answers.find(({ status }) => status === 429)!;
  expect(await replyOf(refused)).toMatchObject({ code: "rate_limited" });
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
  expect(refused.headers.get("ratelimit")).toMatch(/^"key";r=0;t=1$/);
  expect((await get("globex000000")).status).toBe(200);
  bench.plans.delete("acme");
});

test("to judge a request costs one question to Redis and little more", async () => {
  const timed = async (work: () => Promise<unknown>) => {
    const from = performance.now();
    await work();
    return performance.now() - from;
  };
  const judging: number[] = [];
  const asking: number[] = [];
  // In turn: the machine does other things too, and to both alike.
  for (let i = 0; i < 300; i++) {
    judging.push(await timed(() => bench.judge({ keyId: "measured0000", actorTenant: `t${i % 3}` })));
    asking.push(await timed(() => bench.askRedis()));
  }
  const median = (all: number[]) => all.sort((a, b) => a - b)[all.length / 2]!;
  expect(median(judging) / median(asking)).toBeLessThan(3);
});

test("the sixth one-time password to one recipient is refused with the time to wait, also inside a batch; other lanes are not", async () => {
  const to = number("1555777");
  const send = (more: object = {}) =>
    bench.call("POST", "/v1/messages", { to, ...text, lane: "otp", ...more });
  for (let i = 0; i < 5; i++) expect((await send()).status).toBe(202);
  const sixth = await send();
  expect(await replyOf(sixth)).toMatchObject({
    status: 429,
    code: "otp_limit",
    errors: [{ field: "to", problem: "has reached the limit per recipient" }],
  });
  expect(Number(sixth.headers.get("retry-after"))).toBeGreaterThan(60);
  expect((await send({ lane: "standard" })).status).toBe(202);
  expect((await send({ to: number("1555778") })).status).toBe(202);
  const batch = await bench.call("POST", "/v1/messages/batch", {
    messages: [
      { to, ...text, lane: "otp" },
      { to: number("1555778"), ...text, lane: "otp" },
    ],
  });
  expect(await replyOf(batch)).toMatchObject({
    accepted: 1,
    refused: 1,
    results: [{ index: 0, problem: { code: "otp_limit", errors: [{ field: "messages.0.to" }] } }, {}],
  });
});

test("a burst of one-time passwords to a block of numbers ends at the limit of its prefix; a repeat with its key costs nothing", async () => {
  bench.plans.set("acme", { ...basic, otp_per_prefix: 20 });
  const messages = Array.from({ length: 60 }, (_, i) => ({
    to: `+1555666${String(i).padStart(4, "0")}`,
    ...text,
    lane: "otp",
  }));
  const answer = await replyOf(bench.call("POST", "/v1/messages/batch", { messages }));
  expect(answer).toMatchObject({ accepted: 20, refused: 40 });
  expect(answer.results.at(-1)).toMatchObject({
    problem: { code: "otp_limit", errors: [{ problem: "has reached the limit per prefix" }] },
  });
  // Nothing of it may enter now: that is a matter of waiting.
  const again = await bench.call("POST", "/v1/messages/batch", { messages: messages.slice(20, 30) });
  expect(await replyOf(again)).toMatchObject({ status: 429, code: "otp_limit" });
  expect(Number(again.headers.get("retry-after"))).toBeGreaterThan(0);
  // Of another block.
  const headers = { "idempotency-key": `"otp-${randomBytes(6).toString("hex")}"` };
  const message = { to: number("1555667"), ...text, lane: "otp" };
  for (const _ of [1, 2, 3])
    expect((await bench.call("POST", "/v1/messages", message, { headers })).status).toBe(202);
  bench.plans.delete("acme");
});

test("a full queue: 429 with an estimate, also for a batch that would only half fit; one-time passwords still enter", async () => {
  bench.plans.set("globex", { ...basic, max_queued: 100, bulk: false });
  const to = number("1555888");
  bench.counted(
    dispatchState({
      tenant: "globex",
      queued: { otp: 0, standard: 50, bulk: 47 },
      sessions: [{ session: "s", configured_per_s: 10, effective_per_s: 10, held_reason: null, queued: 97 }],
      recorded_at: Date.now() - 2_000,
    }),
  );
  const before = bench.sent.length;
  const call = (path: string, body: object) => bench.call("POST", path, body, { key: "globex000000" });
  const many = (count: number) => ({ messages: Array.from({ length: count }, () => ({ to, ...text })) });
  const half = await call("/v1/messages/batch", many(4));
  expect(await replyOf(half)).toMatchObject({
    status: 429,
    code: "queue_full",
    detail: "There is room for 3 more messages of lane standard; this request has 4.",
  });
  expect(half.headers.get("retry-after")).toBe("1");
  expect(bench.sent.length).toBe(before);
  expect((await call("/v1/messages/batch", many(3))).status).toBe(202);
  expect(await replyOf(call("/v1/messages", { to, ...text }))).toMatchObject({
    code: "queue_full",
  });
  expect((await call("/v1/messages", { to, ...text, lane: "otp" })).status).toBe(202);
  expect(await replyOf(call("/v1/messages", { to, ...text, lane: "bulk" }))).toMatchObject({
    status: 422,
    code: "lane_refused",
  });
  bench.counted(dispatchState({ tenant: "globex", recorded_at: Date.now() + 60_000 }));
  expect((await call("/v1/messages", { to, ...text })).status).toBe(202);
  bench.plans.delete("globex");
});

test("Redis away: requests and one-time passwords go on", async () => {
  const without = await openBench({ redisUrl: "redis://127.0.0.1:1" });
  try {
    const message = { to: number("1555999"), ...text, lane: "otp" };
    for (let i = 0; i < 7; i++) {
      const answer = await without.call("POST", "/v1/messages", message);
      expect(answer.status).toBe(202);
      expect(answer.headers.get("ratelimit-policy")).toContain('"key"');
    }
  } finally {
    await without.close();
  }
});
