/** Marks of requests that run, on the real Redis. */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { stack, until } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openIdempotencyStore } from "./idempotency-store.ts";
import { openRedis } from "./redis.ts";

const markMs = 1_000;
const onError = (error: unknown) => {
  throw error;
};
const redis = openRedis({ url: stack().redisUrl, onError });
beforeAll(async () => {
  await until(() => redis.run("return 1", [], []).catch(() => null), { what: "Redis to be connected" });
});
afterAll(() => redis.close());
const request = () => ({
  tenant: "acme",
  endpoint: "POST /v1/messages",
  key: randomUUID(),
  fingerprint: "f",
});
const store = (of: Pick<typeof redis, "run">) =>
  openIdempotencyStore({ redis: of, uniqueId: randomUUID, onError, markMs });

test("a request that runs for longer than its mark lives keeps its key", async () => {
  const one = request();
  const hold = await store(redis).begin(one);
  await delay(2.5 * markMs);
  expect((await store(redis).begin(one)).met.kind).toBe("in_progress");
  await hold.finish({ status: 202, body: { id: "m1" }, location: null });
  expect((await store(redis).begin(one)).met).toMatchObject({
    kind: "replay",
    answer: { body: { id: "m1" } },
  });
});

test("one whose process died frees it soon, and has no say any more", async () => {
  const one = request();
  let isDead = false;
  const dying = store({ run: async (...of) => (isDead ? null : redis.run(...of)) });
  const hold = await dying.begin(one);
  isDead = true;
  await delay(1.5 * markMs);
  const next = await store(redis).begin(one);
  expect(next.met.kind).toBe("first");
  isDead = false;
  await hold.finish({ status: 202, body: { id: "late" }, location: null });
  await next.finish({ status: 202, body: { id: "m2" }, location: null });
  expect((await store(redis).begin(one)).met).toMatchObject({
    kind: "replay",
    answer: { body: { id: "m2" } },
  });
});
