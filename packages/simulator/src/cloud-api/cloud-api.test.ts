import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { APP_SECRET, NUMBER, openScene, type Scene, statusesIn, TOKEN, welcome } from "../drill/scene.ts";

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const RECIPIENT = "+15550001111";

describe("a template", () => {
  test("is accepted, and told sent, delivered, read with the sender's own echo", async () => {
    const answer = await scene.sendCloud(welcome(RECIPIENT, "m1.1"));
    expect(answer).toMatchObject({
      status: 200,
      body: {
        messaging_product: "whatsapp",
        contacts: [{ input: RECIPIENT, wa_id: "15550001111" }],
        messages: [{ id: expect.stringMatching(/^wamid\./), message_status: "accepted" }],
      },
    });
    const id = (answer.body.messages as { id: string }[])[0]?.id;
    const statuses = statusesIn(await scene.receiver.until((posts) => statusesIn(posts).length === 3));
    expect(statuses.map((s) => s.status)).toEqual(["sent", "delivered", "read"]);
    for (const status of statuses) {
      expect(status).toMatchObject({ id, recipient_id: "15550001111", biz_opaque_callback_data: "m1.1" });
      expect(status.timestamp).toMatch(/^\d{10}$/);
    }
    expect(statuses.map((s) => "pricing" in s)).toEqual([true, true, false]);
    expect((await scene.control("GET", "/ledger/messages/m1")).body).toMatchObject({
      claim: 1,
      sender: NUMBER,
      recipient: "15550001111",
      accepted: 1,
      outcome: "accepted",
      callbacks: { sent_at_ms: expect.any(Number), read_at_ms: expect.any(Number), failed_at_ms: null },
    });
  });

  test("callbacks are signed over their exact bytes, which re-serialising would change", async () => {
    await scene.sendCloud({ ...welcome(RECIPIENT, "tenant/ä.1") });
    const [post] = await scene.receiver.until((posts) => posts.length > 0);
    const sign = (bytes: Buffer | string) =>
      `sha256=${createHmac("sha256", APP_SECRET).update(bytes).digest("hex")}`;
    expect(post?.headers["x-hub-signature-256"]).toBe(sign(post?.raw ?? ""));
    expect(post?.headers["x-hub-signature-256"]).not.toBe(sign(JSON.stringify(post?.body)));
  });

  test("an authentication template needs its code in the button too", async () => {
    const body = { type: "body", parameters: [{ type: "text", text: "123456" }] };
    const button = {
      type: "button",
      sub_type: "url",
      index: "0",
      parameters: [{ type: "text", text: "123456" }],
    };
    const code = (components: unknown[]) => ({
      to: RECIPIENT,
      type: "template",
      template: { name: "code", language: { code: "en_US" }, components },
    });
    expect(await scene.sendCloud(code([body]))).toMatchObject({
      status: 400,
      body: { error: { code: 131_008 } },
    });
    expect(await scene.sendCloud(code([body, button]))).toMatchObject({ status: 200 });
  });
});

describe("what Meta refuses is refused, with its code, and is not on its way", () => {
  const text = { to: RECIPIENT, type: "text", text: { body: "hi" } };
  const template = (change: object) => ({
    to: RECIPIENT,
    type: "template",
    template: { ...(welcome(RECIPIENT, "x.1").template as object), ...change },
  });
  const bodyOf = (...texts: string[]) => ({
    components: [{ type: "body", parameters: texts.map((t) => ({ type: "text", text: t })) }],
  });
  test.each([
    ["no product", { ...text, messaging_product: "sms" }, 400, 100],
    ["no recipient", { ...text, to: undefined }, 400, 100],
    ["no phone number", { ...text, to: "+12" }, 400, 131_009],
    ["an unknown type", { ...text, type: "smoke" }, 400, 100],
    ["no text", { ...text, text: {} }, 400, 131_008],
    ["no text object", { ...text, text: undefined }, 400, 131_008],
    ["too much text", { ...text, text: { body: "x".repeat(4_097) } }, 400, 131_009],
    ["itself as recipient", { ...text, to: "+15550009999" }, 400, 131_021],
    ["too long an echo", { ...text, biz_opaque_callback_data: "x".repeat(513) }, 400, 100],
    ["an image without source", { ...text, type: "image", image: {} }, 400, 131_008],
    ["an unknown template", template({ name: "nope" }), 404, 132_001],
    ["an unknown language", template({ language: { code: "de" } }), 404, 132_001],
    ["a paused template", template({ name: "resting" }), 400, 132_015],
    ["too few parameters", template(bodyOf("Mara")), 400, 132_000],
    ["too many parameters", template(bodyOf("a", "b", "c")), 400, 132_000],
    ["no parameters", template({ components: undefined }), 400, 132_000],
    ["a line break in a parameter", template(bodyOf("a\nb", "c")), 400, 132_018],
  ])("%s", async (_name, body, status, code) => {
    expect(await scene.sendCloud(body)).toMatchObject({
      status,
      body: { error: { code, type: "OAuthException" } },
    });
    expect(scene.sim.ledger()).toMatchObject({ requests: 1, received: 0, rejected: 1, callbacks_pending: 0 });
  });

  test.each([
    ["no token", NUMBER, null, 401, 104],
    ["an unknown token", NUMBER, "other", 401, 190],
    ["a number that isn't there", "999", TOKEN, 400, 100],
  ])("%s", async (_name, number, token, status, code) => {
    const url = `${scene.sim.cloudApiUrl}/v25.0/${number}/messages`;
    const answer = await scene.call("POST", url, token, { messaging_product: "whatsapp", ...text });
    expect(answer).toMatchObject({ status, body: { error: { code } } });
    if (number === "999")
      expect(answer.body.error).toMatchObject({ error_subcode: 33, type: "GraphMethodException" });
  });

  test("a body that is no JSON", async () => {
    const url = `${scene.sim.cloudApiUrl}/v25.0/${NUMBER}/messages`;
    expect(await scene.call("POST", url, TOKEN, "{nonsense")).toMatchObject({
      status: 400,
      body: { error: { code: 100 } },
    });
  });
});

describe("pace", () => {
  test("a send above the number's rate is a violation and refused with 130429, and the next in time is fine", async () => {
    await scene.control("POST", "/wabas", {
      waba_id: "slow",
      app_id: "app",
      token: "slow",
      numbers: [{ phone_number_id: "302", display_phone_number: "+15550007777", rate_per_s: 0.5 }],
    });
    const url = `${scene.sim.cloudApiUrl}/v25.0/302/messages`;
    const send = () =>
      scene.call("POST", url, "slow", { messaging_product: "whatsapp", to: RECIPIENT, text: { body: "hi" } });
    expect(await send()).toMatchObject({ status: 200 });
    expect(await send()).toMatchObject({ status: 400, body: { error: { code: 130_429 } } });
    expect(scene.sim.ledger()).toMatchObject({ received: 1, rejected: 1, duplicates: 0, rate_violations: 1 });
    const { violations } = (await scene.control("GET", "/ledger/violations")).body as {
      violations: object[];
    };
    expect(violations).toMatchObject([{ sender: "302", kind: "rate", recipient: "15550001111" }]);
  });

  test("the 46th message at once to one person is refused with 131056, others are not", async () => {
    const codes: unknown[] = [];
    for (let i = 0; i < 46; i++) {
      const answer = await scene.sendCloud(welcome(RECIPIENT, `m${i}.1`));
      codes.push(answer.status === 200 ? "ok" : (answer.body.error as { code: number }).code);
    }
    expect(codes).toEqual([...Array(45).fill("ok"), 131_056]);
    expect(await scene.sendCloud(welcome("+15550002222", "other.1"))).toMatchObject({ status: 200 });
    expect(scene.sim.ledger().rate_violations).toBe(1);
  });
});

test("free text to a stranger fails afterwards with 131047; after they wrote it is read", async () => {
  await scene.close();
  scene = await openScene({ customerWindow: true });
  const text = (echo: string) => ({ to: RECIPIENT, text: { body: "hello" }, biz_opaque_callback_data: echo });
  expect((await scene.sendCloud(text("m1.1"))).status).toBe(200);
  const [failed] = statusesIn(await scene.receiver.until((posts) => statusesIn(posts).length === 1));
  expect(failed).toMatchObject({
    status: "failed",
    errors: [{ code: 131_047 }],
    biz_opaque_callback_data: "m1.1",
  });

  const inbound = { provider: "cloud_api", phone_number_id: NUMBER, from: RECIPIENT, text: "Hallo?" };
  const { id } = (await scene.control("POST", "/inbound", inbound)).body;
  expect((await scene.sendCloud(text("m2.1"))).status).toBe(200);
  const posts = await scene.receiver.until((all) => statusesIn(all).length === 4);
  expect(JSON.stringify(posts.map((post) => post.body))).toContain(`"id":"${id}"`);
  expect(statusesIn(posts).map((s) => s.status)).toEqual(["failed", "sent", "delivered", "read"]);
});

test("under load updates travel in batches, each once", async () => {
  await Promise.all(
    Array.from({ length: 300 }, (_, i) => scene.sendCloud(welcome(`+1555${1_000_000 + i}`, `m${i}.1`))),
  );
  const posts = await scene.receiver.until((all) => statusesIn(all).length === 900);
  expect(posts.length).toBeLessThan(90);
  const told = statusesIn(posts).map((s) => `${s.biz_opaque_callback_data} ${s.status}`);
  expect(new Set(told).size).toBe(900);
});

test("the callback URL is verified as Meta does", async () => {
  expect((await scene.control("POST", "/apps/app/verify")).body).toEqual({ verified: true, status: 200 });
});

test("a read mark is evidence as often as it comes, and is no message", async () => {
  const mark = { messaging_product: "whatsapp", status: "read", message_id: "wamid.X" };
  const url = `${scene.sim.cloudApiUrl}/v25.0/${NUMBER}/messages`;
  const post = (body: object) => scene.call("POST", url, TOKEN, body);
  expect(await post(mark)).toMatchObject({ status: 200, body: { success: true } });
  await post({ ...mark, typing_indicator: { type: "text" } });
  expect(await post({ ...mark, typing_indicator: {} })).toMatchObject({ status: 400 });
  const told = await scene.control("GET", "/ledger/read-marks");
  const of = { provider: "cloud_api", sender: NUMBER, of: "wamid.X", chat: null };
  expect(told.body.read_marks).toMatchObject([
    { ...of, typing: false },
    { ...of, typing: true },
  ]);
  expect(scene.sim.ledger()).toMatchObject({ requests: 1, received: 0 });
});

test("a client can read its number and its templates", async () => {
  const get = (path: string, token = TOKEN) =>
    scene.call("GET", `${scene.sim.cloudApiUrl}/v25.0/${path}`, token);
  expect((await get(`${NUMBER}?fields=id,status`)).body).toMatchObject({ id: NUMBER, status: "CONNECTED" });
  const templates = (await get("201/message_templates")).body.data;
  expect(templates).toMatchObject([
    { name: "welcome" },
    { name: "code" },
    { name: "resting", status: "PAUSED" },
  ]);
  expect(await get("201/message_templates", "other")).toMatchObject({ status: 401 });
  expect(await get("201/nonsense")).toMatchObject({ status: 400, body: { error: { code: 100 } } });
});
