import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openScene, PAT, type Scene } from "../drill/scene.ts";
import type { Json } from "../http.ts";

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const MESSAGE = { to: "+15550001111", text: "Your parcel left the depot." };
type Data = Json & { msgId: number };

test("a read mark names WhatsApp's own key of somebody else's message", async () => {
  const mark = (key: object) =>
    scene.call("POST", `${scene.sim.wasenderUrl}/messages/read`, scene.session.apiKey, { key });
  const key = { id: "3A1", remoteJid: "15550001111@s.whatsapp.net", fromMe: false };
  expect(await mark(key)).toMatchObject({ status: 200, body: { success: true, data: { status: "read" } } });
  expect(await mark({ ...key, fromMe: true })).toMatchObject({ status: 422, body: { success: false } });
  expect(await mark({ id: "3A1" })).toMatchObject({ status: 422 });
  const told = await scene.control("GET", "/ledger/read-marks");
  expect(told.body.read_marks).toMatchObject([{ provider: "wasender", of: "3A1", chat: key.remoteJid }]);
});

describe("a message", () => {
  test("is queued with a number, and its events carry WhatsApp's key and never that number", async () => {
    const answer = await scene.sendWasender(MESSAGE);
    const data = answer.body.data as Data;
    expect(answer).toMatchObject({ status: 200, body: { success: true } });
    expect(data).toEqual({ msgId: expect.any(Number), jid: MESSAGE.to, status: "in_progress" });
    const posts = await scene.receiver.until((all) => all.length === 5);
    expect(posts.map((p) => p.body.event).toSorted()).toEqual([
      "message.sent",
      "messages.update",
      "messages.update",
      "messages.update",
      "messages.upsert",
    ]);
    expect(posts.map((p) => p.raw.toString()).join()).not.toContain(String(data.msgId));
    const keys = new Set(posts.map(({ raw }) => /3EB0[0-9A-F]{16}/.exec(raw.toString())?.[0]));
    expect(keys.size).toBe(1);

    const info = await scene.call(
      "GET",
      `${scene.sim.wasenderUrl}/messages/${data.msgId}/info`,
      scene.session.apiKey,
    );
    expect(info.body.data).toMatchObject({ msgId: data.msgId, id: [...keys][0], status: 4 });
  });

  test("callbacks carry the plain secret, and the API key only where the vendor puts it", async () => {
    await scene.sendWasender(MESSAGE);
    const posts = await scene.receiver.until((all) => all.length === 5);
    for (const { headers, body } of posts) {
      expect(headers["x-webhook-signature"]).toBe(scene.session.webhookSecret);
      const expected = body.event === "messages.update" ? scene.session.apiKey : undefined;
      expect(body.sessionId).toBe(expected);
    }
  });

  test("has no key in its info while it is queued", async () => {
    await scene.close();
    scene = await openScene({ profile: "real" });
    const { msgId } = (await scene.sendWasender(MESSAGE)).body.data as Data;
    const info = await scene.call(
      "GET",
      `${scene.sim.wasenderUrl}/messages/${msgId}/info`,
      scene.session.apiKey,
    );
    expect(info.body).toEqual({ success: true, data: { msgId, status: 1 } });
  });

  test("stands in the account's message log", async () => {
    const { msgId } = (await scene.sendWasender(MESSAGE)).body.data as Data;
    await scene.receiver.until((all) => all.length === 5);
    const url = `${scene.sim.wasenderUrl}/whatsapp-sessions/${scene.session.id}/message-logs`;
    const { data } = (await scene.call("GET", url, PAT)).body;
    expect(data).toMatchObject({ total: 1, data: [{ id: msgId, to: MESSAGE.to, status: "sent" }] });
  });

  test("is known in the ledger by its marker", async () => {
    await scene.sendWasender({ ...MESSAGE, text: "Welcome #0192f0c4-aaaa" });
    expect((await scene.control("GET", "/ledger/messages/0192f0c4-aaaa")).body).toMatchObject({
      provider: "wasender",
      sender: String(scene.session.id),
      recipient: "15550001111",
      accepted: 1,
    });
  });
});

describe("refusals", () => {
  const url = () => `${scene.sim.wasenderUrl}/send-message`;
  test("no key, a wrong key, and a personal access token", async () => {
    expect(await scene.call("POST", url(), null, MESSAGE)).toMatchObject({
      status: 401,
      body: { success: false, message: "API key is required" },
    });
    for (const key of ["nonsense", PAT]) {
      expect(await scene.call("POST", url(), key, MESSAGE)).toMatchObject({
        status: 401,
        body: { success: false, message: "Invalid API key" },
      });
    }
  });

  test.each([
    ["no recipient", { text: "x" }, "to"],
    ["no content", { to: "+15550001111" }, "text"],
    ["no URL", { to: "+15550001111", imageUrl: "nonsense" }, "imageUrl"],
  ])("%s is 422 with the field", async (_name, body, field) => {
    expect(await scene.sendWasender(body)).toMatchObject({
      status: 422,
      body: { success: false, message: "Validation failed", errors: { [field]: [expect.any(String)] } },
    });
  });

  test("a lying session says connected and refuses every send until it is restarted", async () => {
    const { id } = scene.session;
    await scene.control("PUT", `/wasender/sessions/${id}`, { lying: true });
    const status = () =>
      scene.call("GET", `${scene.sim.wasenderUrl}/status`, scene.session.apiKey).then(({ body }) => body);
    const send = () => scene.sendWasender({ to: "+15550001111", text: "hi" });
    expect(await status()).toEqual({ status: "connected" });
    expect((await send()).body).toMatchObject({ success: false });
    await scene.call("POST", `${scene.sim.wasenderUrl}/whatsapp-sessions/${id}/restart`, PAT);
    expect((await send()).body).toMatchObject({ success: true });
  });

  test("a dropped session comes back without a scan, one that was logged out does not", async () => {
    const { id } = scene.session;
    const connect = () => scene.call("POST", `${scene.sim.wasenderUrl}/whatsapp-sessions/${id}/connect`, PAT);
    await scene.control("PUT", `/wasender/sessions/${id}`, { status: "disconnected" });
    expect((await connect()).body).toMatchObject({ data: { status: "CONNECTING" } });
    await scene.control("PUT", `/wasender/sessions/${id}`, { status: "logged_out" });
    expect((await connect()).body).toMatchObject({ data: { qrCode: expect.stringMatching(/^2@/) } });
  });

  test("an account holds as many sessions as its plan allows, and may lose the answer to a creation", async () => {
    await scene.control("POST", "/wasender/accounts", { pat: "pat-2", max_sessions: 1, lose_creates: 1 });
    const sessions = `${scene.sim.wasenderUrl}/whatsapp-sessions`;
    const body = { name: "n", phone_number: "+15550007777", account_protection: true, log_messages: true };
    await expect(scene.call("POST", sessions, "pat-2", body)).rejects.toThrow();
    expect((await scene.call("GET", sessions, "pat-2")).body.data).toHaveLength(1);
    expect(await scene.call("POST", sessions, "pat-2", body)).toMatchObject({
      status: 403,
      body: { success: false, error: expect.stringContaining("session limit") },
    });
  });

  test("a session that isn't connected answers 200 with success false, and nothing is on its way", async () => {
    await scene.control("PUT", `/wasender/sessions/${scene.session.id}`, { status: "logged_out" });
    expect(await scene.sendWasender(MESSAGE)).toMatchObject({ status: 200, body: { success: false } });
    expect(scene.sim.ledger()).toMatchObject({ received: 0, rejected: 1 });
    const [event] = await scene.receiver.until((all) => all.length === 1);
    expect(event?.body).toMatchObject({ event: "session.status", data: { status: "logged_out" } });
  });
});

test("above the session's rate: a violation, 429 without success, the seconds that remain, and the rate headers", async () => {
  const made = await scene.control("POST", "/wasender/sessions", {
    pat: PAT,
    name: "careful",
    phone_number: "+15550006666",
    account_protection: true,
  });
  const url = `${scene.sim.wasenderUrl}/send-message`;
  const send = () => scene.call("POST", url, made.body.api_key as string, MESSAGE);
  const first = await send();
  expect(first).toMatchObject({
    status: 200,
    headers: { "x-ratelimit-limit": "1", "x-ratelimit-remaining": "0" },
  });
  const second = await send();
  expect(second.status).toBe(429);
  expect(second.body).toEqual({ message: expect.stringContaining("account protection"), retry_after: 5 });
  expect(scene.sim.ledger()).toMatchObject({ received: 1, duplicates: 0, rate_violations: 1 });
});

describe("sessions", () => {
  const api = (method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: Json, token = PAT) =>
    scene.call(method, `${scene.sim.wasenderUrl}/whatsapp-sessions${path}`, token, body);
  const wanted = { name: "new", phone_number: "+15550005555", account_protection: true, log_messages: true };

  test("live from creation through scan to deletion", async () => {
    const made = await api("POST", "", { ...wanted, webhook_url: scene.receiver.url });
    const { id, api_key } = made.body.data as { id: number; api_key: string };
    expect(made.body.data).toMatchObject({
      ...wanted,
      status: "disconnected",
      webhook_secret: expect.any(String),
    });
    expect(api_key).toMatch(/^[0-9a-f]{64}$/);

    expect((await api("POST", `/${id}/connect`)).body.data).toMatchObject({
      qrCode: expect.stringMatching(/^2@/),
    });
    const posts = await scene.receiver.until((all) =>
      JSON.stringify(all.map((p) => p.body)).includes('"connected"'),
    );
    expect(posts.map((p) => p.body.event)).toContain("qrcode.updated");
    expect((await scene.call("GET", `${scene.sim.wasenderUrl}/status`, api_key)).body).toEqual({
      status: "connected",
    });

    const list = (await api("GET", "")).body.data as Json[];
    expect(list.map((s) => s.id)).toContain(id);
    expect(list.every((s) => !("api_key" in s) && !("webhook_secret" in s))).toBe(true);

    expect((await api("DELETE", `/${id}`)).status).toBe(204);
    expect((await api("GET", `/${id}`)).status).toBe(404);
    expect((await scene.call("GET", `${scene.sim.wasenderUrl}/status`, api_key)).status).toBe(401);
  });

  test("a new key replaces the old one", async () => {
    const { api_key } = (await api("POST", `/${scene.session.id}/regenerate-key`)).body as {
      api_key: string;
    };
    expect((await scene.sendWasender(MESSAGE)).status).toBe(401);
    expect((await scene.call("GET", `${scene.sim.wasenderUrl}/user`, api_key)).status).toBe(200);
  });

  test("what is missing is named, and others' sessions don't exist", async () => {
    expect(await api("POST", "", { name: "x" })).toMatchObject({
      status: 422,
      body: { errors: { phone_number: [expect.any(String)] } },
    });
    await scene.control("POST", "/wasender/accounts", { pat: "other" });
    expect((await api("GET", `/${scene.session.id}`, undefined, "other")).status).toBe(404);
    expect((await api("GET", "", undefined, "unknown")).status).toBe(401);
  });
});

test("a person who writes is told as received and upserted, with one key", async () => {
  const inbound = {
    provider: "wasender",
    session_id: scene.session.id,
    from: "+15550001111",
    text: "Thanks!",
  };
  const { id } = (await scene.control("POST", "/inbound", inbound)).body;
  const posts = await scene.receiver.until((all) => all.length === 2);
  const of = (event: string) => posts.find((p) => p.body.event === event)?.body.data;
  expect(of("messages.received")).toMatchObject({
    messages: { key: { id, fromMe: false }, messageBody: "Thanks!" },
  });
  expect(of("messages.upsert")).toMatchObject({ messages: [{ key: { id } }] });
});
