/** Every fault, as a sender and a receiver of callbacks meet it. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Json } from "../http.ts";
import { NUMBER, openScene, type Scene, statusesIn, welcome } from "./scene.ts";

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const fault = async (body: Json) => {
  const answer = await scene.control("POST", "/faults", body);
  expect(answer).toMatchObject({ status: 200, body: { id: expect.any(Number) } });
};
const cloud = () => scene.sendCloud(welcome("+15550001111", "m1.1"));
const wasender = () => scene.sendWasender({ to: "+15550001111", text: "hello" });
const providers = [
  ["Cloud API", cloud],
  ["WasenderApi", wasender],
] as const;

describe.each(providers)("%s", (name, send) => {
  const isCloud = name === "Cloud API";

  test.each([
    ["timeout_but_sent", true],
    ["timeout_not_sent", false],
    ["reset_but_sent", true],
  ])("%s: the sender hears nothing", async (kind, sent) => {
    await fault({ kind, count: 1 });
    if (kind !== "reset_but_sent") scene.deadlineMs = 300;
    await expect(send()).rejects.toThrow();
    scene.deadlineMs = 10_000;
    expect(scene.sim.ledger()).toMatchObject({ requests: 1, received: sent ? 1 : 0 });
    if (sent) await scene.receiver.until((all) => all.length > 0);
    expect(await send()).toMatchObject({ status: 200 });
    expect(scene.sim.ledger()).toMatchObject({ received: sent ? 2 : 1, duplicates: sent ? 1 : 0 });
  });

  test.each([true, false])("http_5xx with HTML, sent: %s", async (sent) => {
    await fault({ kind: "http_5xx", status: 504, sent });
    const answer = await send();
    expect(answer).toMatchObject({ status: 504, headers: { "content-type": "text/html" } });
    expect(answer.body.text).toContain("<html>");
    expect(scene.sim.ledger().received).toBe(sent ? 1 : 0);
  });

  test.each([true, false])("broken_body: 200 with nonsense, sent: %s", async (sent) => {
    await fault({ kind: "broken_body", sent });
    const answer = await send();
    expect(answer.status).toBe(200);
    expect(() => JSON.parse(String(answer.body.text))).toThrow();
    expect(scene.sim.ledger().received).toBe(sent ? 1 : 0);
  });

  test.each([true, false])("reset_mid_answer: the answer breaks off, sent: %s", async (sent) => {
    await fault({ kind: "reset_mid_answer", sent });
    await expect(send()).rejects.toThrow();
    expect(scene.sim.ledger()).toMatchObject({ requests: 1, received: sent ? 1 : 0 });
  });

  test("http_429 is a definite refusal and no violation", async () => {
    await fault({ kind: "http_429", retry_after: 7 });
    const answer = await send();
    if (isCloud) {
      expect(answer).toMatchObject({
        status: 400,
        headers: { "retry-after": "7" },
        body: { error: { code: 130_429 } },
      });
    } else expect(answer).toMatchObject({ status: 429, body: { retry_after: 7 } });
    expect(scene.sim.ledger()).toMatchObject({ received: 0, rejected: 1, rate_violations: 0 });
  });

  test("refused is the provider's own word that it did not take the message, and no violation", async () => {
    await fault({ kind: "refused", count: 1 });
    const answer = await send();
    if (isCloud)
      expect(answer).toMatchObject({
        status: 500,
        body: { error: { code: 131_016, message: "(#131016) Service unavailable" } },
      });
    else expect(answer).toMatchObject({ status: 200, body: { success: false } });
    expect(scene.sim.ledger()).toMatchObject({ received: 0, rejected: 1, rate_violations: 0 });
    expect(await send()).toMatchObject({ status: 200 });
  });

  test("duplicate_callbacks: everything is told twice", async () => {
    await fault({ kind: "duplicate_callbacks" });
    await send();
    const posts = await scene.receiver.until((all) =>
      isCloud ? statusesIn(all).length === 6 : all.length === 10,
    );
    const told = isCloud ? statusesIn(posts).map((s) => s.status) : posts.map((p) => JSON.stringify(p.body));
    for (const one of told) expect(told.filter((other) => other === one)).toHaveLength(2);
  });

  test("early_callbacks: the first is acknowledged before the sender is answered", async () => {
    await fault({ kind: "early_callbacks" });
    const release = scene.receiver.hold();
    let answered = false;
    const answer = send().finally(() => {
      answered = true;
    });
    await scene.receiver.until((all) => all.length > 0);
    // Two whole exchanges later than it would have been answered.
    await scene.control("GET", "/ledger");
    await scene.control("GET", "/ledger");
    expect(answered).toBe(false);
    release();
    expect((await answer).status).toBe(200);
  });

  test("callback_outage: nothing arrives until it is over, then everything does", async () => {
    await fault({ kind: "callback_outage", count: 1 });
    await send();
    const posts = await scene.receiver.until((all) =>
      isCloud ? statusesIn(all).length === 3 : all.length === 5,
    );
    expect(posts.length).toBeGreaterThan(0);
    await expect
      .poll(() => scene.sim.ledger())
      .toMatchObject({
        callbacks_sent: isCloud ? 3 : 5,
        callbacks_pending: 0,
        callback_post_failures: 1,
      });
  });

  test("failed_later: accepted, then failed", async () => {
    await fault({ kind: "failed_later", code: 131_049 });
    expect((await send()).status).toBe(200);
    const [post] = await scene.receiver.until((all) => all.length === 1);
    if (isCloud)
      expect(statusesIn([post!])).toMatchObject([{ status: "failed", errors: [{ code: 131_049 }] }]);
    else expect(post?.body).toMatchObject({ event: "message.sent", data: { success: false } });
  });

  test("a receiver that fails is tried again until it acknowledges", async () => {
    scene.receiver.answerWith((nth) => (nth < 2 ? 503 : 200));
    await send();
    await scene.receiver.until((all) => (isCloud ? statusesIn(all).length === 3 : all.length === 5));
    await expect.poll(() => scene.sim.ledger().callbacks_pending).toBe(0);
    expect(scene.sim.ledger()).toMatchObject({ callbacks_failed: 0, callback_post_failures: 2 });
  });
});

test("refused by a code of one's own choice", async () => {
  await fault({ kind: "refused", code: 368, status: 403 });
  expect(await cloud()).toMatchObject({ status: 403, body: { error: { code: 368 } } });
});

test("late_callbacks come late, with the time of the event", async () => {
  await fault({ kind: "late_callbacks", ms: 1_500 });
  const sentAt = Date.now();
  await cloud();
  const posts = await scene.receiver.until((all) => statusesIn(all).length === 3);
  expect(posts[0]!.at - sentAt).toBeGreaterThanOrEqual(1_500);
  expect(Number(statusesIn(posts)[0]?.timestamp)).toBeLessThanOrEqual(Math.floor(sentAt / 1_000) + 1);
});

test("reorder_callbacks tell the end first", async () => {
  await scene.close();
  scene = await openScene({ profile: "demo" });
  await fault({ kind: "reorder_callbacks" });
  await cloud();
  const posts = await scene.receiver.until((all) => statusesIn(all).length === 3);
  expect(statusesIn(posts).map((s) => s.status)).toEqual(["read", "delivered", "sent"]);
});

test("without retries a WasenderApi callback is told once and lost", async () => {
  await scene.close();
  scene = await openScene({ wasenderRetries: 0 });
  scene.receiver.answerWith(() => 500);
  await wasender();
  await expect.poll(() => scene.sim.ledger()).toMatchObject({ callbacks_failed: 5, callbacks_pending: 0 });
  expect(scene.receiver.received).toHaveLength(5);
});

test("a fault strikes only whom it names, and nobody once removed", async () => {
  await fault({ kind: "http_5xx", match: { phone_number_id: NUMBER, recipient: "+15550001111" } });
  expect((await scene.sendCloud(welcome("+15550002222", "m2.1"))).status).toBe(200);
  expect((await wasender()).status).toBe(200);
  expect((await cloud()).status).toBe(502);
  expect((await scene.control("GET", "/faults")).body).toMatchObject({
    faults: [{ kind: "http_5xx", applied: 1 }],
  });
  await scene.control("DELETE", "/faults");
  expect((await cloud()).status).toBe(200);
});
