import { request } from "undici";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NUMBER, openScene, type Scene, statusesIn, welcome } from "../drill/scene.ts";

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

describe("the ledger over HTTP", () => {
  test("a waiting reader is told when the message arrives", async () => {
    const waiting = scene.control("POST", "/ledger/wait", { id: "m1", timeout_ms: 5_000 });
    const before = Date.now();
    await scene.sendCloud(welcome("+15550001111", "m1.1"));
    const { body } = await waiting;
    expect(body).toMatchObject({ received: true, id: "m1", recipient: "15550001111" });
    expect(body.received_at_ms).toBeGreaterThanOrEqual(before - 1);
    expect(body.received_at_ms).toBeLessThanOrEqual(Date.now());
    const late = await scene.control("POST", "/ledger/wait", { id: "never", timeout_ms: 1 });
    expect(late.body).toEqual({ id: "never", received: false });
  });

  test("pages list every message once", async () => {
    for (let i = 0; i < 5; i++) await scene.sendCloud(welcome(`+1555000111${i}`, `m${i}.1`));
    const first = (await scene.control("GET", "/ledger/messages?limit=3")).body;
    const second = (await scene.control("GET", `/ledger/messages?limit=3&cursor=${first.next_cursor}`)).body;
    const ids = [...(first.messages as { id: string }[]), ...(second.messages as { id: string }[])].map(
      (m) => m.id,
    );
    expect(ids).toEqual(["m0", "m1", "m2", "m3", "m4"]);
    expect(second.next_cursor).toBeNull();
  });

  test("the stream tells every reception as a line", async () => {
    const stream = await request(`${scene.sim.controlUrl}/ledger/stream`);
    await scene.sendCloud(welcome("+15550001111", "m1.1"));
    for await (const chunk of stream.body) {
      expect(JSON.parse(String(chunk))).toMatchObject({ id: "m1", accepted: 1 });
      break;
    }
  });

  test("callbacks count as pending from the send to the acknowledgement", async () => {
    await scene.sendCloud(welcome("+15550001111", "m1.1"));
    expect(scene.sim.ledger()).toMatchObject({ received: 1, callbacks_sent: 0, callbacks_pending: 3 });
    await expect.poll(() => scene.sim.ledger()).toMatchObject({ callbacks_sent: 3, callbacks_pending: 0 });
  });
});

describe("bad requests", () => {
  test.each([
    ["a missing field", "/apps", { app_id: "a" }, "body.app_secret must be a non-empty string"],
    ["an unknown field", "/wasender/accounts", { pat: "p", colour: 1 }, "body.colour is not known here"],
    ["an unknown app", "/wabas", { waba_id: "w", app_id: "nope", token: "t" }, "register the app nope first"],
    ["a wrong kind", "/faults", { kind: "rain" }, "body.kind must be one of timeout_but_sent"],
    ["a share above 1", "/faults", { kind: "http_429", rate: 2 }, "rate must be a share"],
    [
      "an unknown number",
      "/inbound",
      { provider: "cloud_api", phone_number_id: "1", from: "+1", text: "x" },
      "no such number",
    ],
  ])("%s is refused in words", async (_name, path, body, message) => {
    const answer = await scene.control("POST", path, body);
    expect(answer).toMatchObject({ status: 400, body: { error: expect.stringContaining(message) } });
  });

  test("unknown paths, no JSON, pages that don't exist", async () => {
    expect((await scene.control("GET", "/nonsense")).status).toBe(404);
    expect((await scene.call("POST", `${scene.sim.controlUrl}/apps`, null, "{")).status).toBe(400);
    expect((await scene.control("GET", "/ledger/messages?limit=0")).status).toBe(400);
    expect((await scene.call("GET", `${scene.sim.url}/elsewhere`, null)).status).toBe(404);
  });
});

describe("reset", () => {
  test("forgets messages, faults and untold callbacks, and can keep the numbers", async () => {
    await scene.control("POST", "/faults", { kind: "late_callbacks", ms: 60_000 });
    await scene.sendCloud(welcome("+15550001111", "m1.1"));
    await scene.control("POST", "/reset?keep=world");
    expect(scene.sim.ledger()).toMatchObject({ requests: 0, received: 0, callbacks_pending: 0 });
    expect((await scene.control("GET", "/faults")).body).toEqual({ faults: [] });
    expect((await scene.sendCloud(welcome("+15550001111", "m1.2"))).status).toBe(200);
    const posts = await scene.receiver.until((all) => statusesIn(all).length === 3);
    expect(statusesIn(posts).every((s) => s.biz_opaque_callback_data === "m1.2")).toBe(true);
    expect(scene.sim.ledger()).toMatchObject({ received: 1, duplicates: 0 });
  });

  test("does not count a callback that was on the wire", async () => {
    const release = scene.receiver.hold();
    await scene.sendCloud(welcome("+15550001111", "m1.1"));
    await scene.receiver.until((all) => all.length === 1);
    await scene.control("POST", "/reset?keep=world");
    release();
    await scene.sendCloud(welcome("+15550001111", "m2.1"));
    await scene.receiver.until((all) => statusesIn(all).length === 6);
    const told = async () => (await scene.control("GET", "/ledger/messages/m2")).body.callbacks;
    await expect.poll(told).toMatchObject({ read_at_ms: expect.any(Number) });
    expect(scene.sim.ledger()).toMatchObject({
      callbacks_sent: 3,
      callbacks_failed: 0,
      callbacks_pending: 0,
    });
  });

  test("forgets numbers and keys too", async () => {
    await scene.control("POST", "/reset");
    expect((await scene.sendCloud(welcome("+15550001111", "m1.1"))).status).toBe(401);
    expect((await scene.sendWasender({ to: "+1555000111", text: "x" })).status).toBe(401);
    expect(scene.sim.ledger()).toMatchObject({ received: 0, rejected: 2 });
  });
});

test("registering an account again replaces it, and its old numbers are gone", async () => {
  await scene.control("POST", "/wabas", { waba_id: "201", app_id: "app", token: "new" });
  const url = `${scene.sim.cloudApiUrl}/v25.0/${NUMBER}/messages`;
  expect(await scene.call("POST", url, "new", {})).toMatchObject({
    status: 400,
    body: { error: { error_subcode: 33 } },
  });
});
