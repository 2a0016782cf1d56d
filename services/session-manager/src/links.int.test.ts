/** Links that people open without a key: the live QR code of a session, and a number's way in by Embedded Signup. */
import { type AuditEntry, topics } from "@wamesh/events";
import { until } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SimulatorProcess, startSimulatorProcess } from "./int-simulator.ts";
import { openWorld, type World, watch } from "./int-world.ts";

let simulator: SimulatorProcess;
let world: World;
let tenant: { id: string; key: string };
let audit: Awaited<ReturnType<typeof watch<AuditEntry>>>;
beforeAll(async () => {
  simulator = await startSimulatorProcess();
  await simulator.control("POST", "/apps", {
    app_id: "4711",
    app_secret: "app-secret",
    verify_token: "v",
    callback_url: "http://127.0.0.1:9/none",
  });
  world = await openWorld({
    providerUrls: { cloudApi: `${simulator.url}/graph`, wasender: `${simulator.url}/wasender/api` },
    env: { WAMESH_META_SIGNUP_CONFIG: "config-1" },
  });
  tenant = await world.tenant("linker");
  audit = await watch(world, topics.audit);
});
afterAll(async () => {
  await audit.table.stop();
  await world.close();
  await simulator.close();
});

const api = (method: string, path: string, body?: object) =>
  world.call(method, path, { key: tenant.key, ...(body && { body }) });
const get = async (id: string) => (await api("GET", `/v1/sessions/${id}`)).body;
const becomes = (id: string, status: string) =>
  until(async () => {
    const now = await get(id);
    return now.status === status && now;
  });
/** The path of a link as the gateway hands it on. */
const pathOf = (url: string) => new URL(url).pathname;

async function toBeScanned(pat: string) {
  await simulator.control("POST", "/wasender/accounts", { pat });
  const wasender = { account_token: pat };
  const made = await api("POST", "/v1/sessions", {
    name: "<shop>",
    provider: "wasender",
    phone: "+15550001234",
    wasender,
  });
  return await becomes(made.body.id, "need_scan");
}

test("the page shows the session's live code without a key, and says when it is connected", async () => {
  const session = await toBeScanned("account-token-1");
  const link = await api("POST", `/v1/sessions/${session.id}/link`, {});
  expect(link.status).toBe(201);
  expect(link.body.url).toMatch(/^https:\/\/mesh\.example\.com\/v1\/sessions\/link\/[A-Za-z0-9]{43}$/);
  const page = await world.call("GET", pathOf(link.body.url));
  expect(page.status).toBe(200);
  expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
  expect(page.headers.get("cache-control")).toBe("no-store");
  expect(page.text).toContain("<svg");
  expect(page.text).toContain("&#60;shop&#62;");
  await simulator.control("PUT", `/wasender/sessions/${session.provider_ref}`, { status: "connected" });
  // Nobody tells us; the page's own question to the provider finds out.
  await until(async () => (await world.call("GET", pathOf(link.body.url))).text.includes("is connected"));
  await becomes(session.id, "connected");
});

test("the code is for holders of sessions:write, is kept by no cache, and stands in no log, event or audit entry", async () => {
  const session = await toBeScanned("account-token-2");
  const narrow = await api("POST", "/v1/keys", { label: "n", scopes: ["sessions:read"] });
  const refused = await world.call("GET", `/v1/sessions/${session.id}/qr`, { key: narrow.body.key });
  expect(refused.body.code).toBe("forbidden_scope");
  const answer = await api("GET", `/v1/sessions/${session.id}/qr`);
  expect(answer.body).toMatchObject({ status: "need_scan", qr: expect.stringMatching(/^2@/) });
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const told = JSON.stringify([
    world.logged(),
    audit.seen.map(({ record }) => record),
    await get(session.id),
  ]);
  expect(told).not.toContain(answer.body.qr);
});

test("a link ends: with its time, with the next one, with its session; and opens nothing else", async () => {
  const session = await toBeScanned("account-token-3");
  const make = () => api("POST", `/v1/sessions/${session.id}/link`, { expires_in_s: 60 });
  const [first, second] = [await make(), await make()];
  const open = async (url: string) => (await world.call("GET", pathOf(url))).status;
  expect(await open(first.body.url)).toBe(404);
  expect(await open(second.body.url)).toBe(200);
  expect(await open(second.body.url.replace(/.$/, "_"))).toBe(404);
  await world.sql.begin(async (tx) => {
    await tx`select set_config('app.tenants', '*', true)`;
    await tx`update session_link set expires_at = clock_timestamp() where session = ${session.id}`;
  });
  expect(await open(second.body.url)).toBe(404);
  const third = await make();
  await api("DELETE", `/v1/sessions/${session.id}`);
  expect(await open(third.body.url)).toBe(404);
});

test("making a link is audited, and its token is kept as a hash only", async () => {
  const session = await toBeScanned("account-token-4");
  const link = await api("POST", `/v1/sessions/${session.id}/link`, {});
  const token = pathOf(link.body.url).split("/").at(-1)!;
  const entry = await until(() =>
    audit.seen.find(({ record }) => record.object_id === session.id && record.action === "session.link_made"),
  );
  const rows = await world.sql.begin(async (tx) => {
    await tx`select set_config('app.tenants', '*', true)`;
    return await tx`select * from session_link`;
  });
  expect(JSON.stringify([entry.record, rows, world.logged()])).not.toContain(token);
});

test("a session without an account token, or of the Cloud API, has no code: the answer says what is missing", async () => {
  const bare = await api("POST", "/v1/sessions", {
    name: "bare",
    provider: "wasender",
    wasender: { session_id: 7, api_key: "key-of-session-7", webhook_secret: "hook-of-session-7" },
  });
  for (const answer of [
    await api("POST", `/v1/sessions/${bare.body.id}/link`, {}),
    await api("GET", `/v1/sessions/${bare.body.id}/qr`),
  ])
    expect(answer.body).toMatchObject({ code: "not_supported" });
});

/** A business account at Meta with one number that is not registered yet. */
async function business(n: number, more: { number?: object; waba?: object } = {}) {
  const [waba, phone] = [`88${n}`, `99${n}`];
  await simulator.control("POST", "/wabas", {
    waba_id: waba,
    app_id: "4711",
    token: `EAAbusiness${n}token`,
    numbers: [
      {
        phone_number_id: phone,
        display_phone_number: `+1555000888${n}`,
        status: "PENDING",
        ...more.number,
      },
    ],
    ...more.waba,
  });
  const link = await api("POST", "/v1/sessions/onboarding", { name: `branch ${n}` });
  expect(link.status).toBe(201);
  const { code } = await simulator.control<{ code: string }>("POST", "/signups", { waba_id: waba });
  const hand = (given = code) =>
    world.call("POST", `${pathOf(link.body.url)}/signup`, {
      body: { code: given, waba_id: waba, phone_number_id: phone },
    });
  const page = async () => (await world.call("GET", pathOf(link.body.url))).text;
  return { waba, phone, session: link.body.session, hand, page };
}

/** How many apps hear of the account. */
async function subscribed(waba: string, n: number): Promise<number> {
  const apps = await fetch(`${simulator.url}/graph/v25.0/${waba}/subscribed_apps`, {
    headers: { authorization: `Bearer EAAbusiness${n}token` },
  });
  return ((await apps.json()) as { data: unknown[] }).data.length;
}

test("a number joins by its link: code, rights, subscription, registration, connected; each step on the page and in the audit", async () => {
  const { session, hand, page, waba } = await business(1);
  expect(await page()).toContain("Continue with Facebook");
  expect((await hand()).body).toEqual({ session });
  await becomes(session, "connected");
  expect(await page()).toContain("is connected");
  const steps = await until(() => {
    const found = audit.seen.filter(
      ({ record }) => record.object_id === session && record.action === "session.onboarding_step",
    );
    return found.length === 3 && found;
  });
  expect(steps.map(({ record }) => JSON.parse(record.detail).done)).toEqual([
    "rights",
    "subscribe",
    "register",
  ]);
  expect(await subscribed(waba, 1)).toBe(1);
  // Handed over twice, it is the same session.
  expect((await hand()).body).toEqual({ session });
});

test("a code that is used up, or a number that has an owner, is refused at the page, and the link can be used again", async () => {
  const { session, hand, page } = await business(2);
  expect((await hand("used-or-invented")).body).toMatchObject({
    code: "invalid_body",
    errors: [{ field: "code" }],
  });
  expect(await page()).toContain("Continue with Facebook");
  const other = await world.tenant("rival");
  const claim = {
    name: "mine",
    provider: "cloud_api",
    cloud_api: { waba_id: "882", phone_number_id: "992", access_token: "EAArival-token" },
  };
  const rival = await world.call("POST", "/v1/sessions", { key: other.key, body: claim });
  expect(rival.status).toBe(201);
  expect((await hand()).body.code).toBe("conflict");
  await world.call("DELETE", `/v1/sessions/${rival.body.id}`, { key: other.key });
  const { code } = await simulator.control<{ code: string }>("POST", "/signups", { waba_id: "882" });
  expect((await hand(code)).body).toEqual({ session });
  await becomes(session, "connected");
});

test("a number with a PIN of its own stops at its registration with the provider's words, and goes on with the PIN", async () => {
  const { session, hand, page } = await business(3, { number: { pin: "246810" } });
  await hand();
  const now = await becomes(session, "pin_required");
  expect(now.errand).toMatchObject({ kind: "onboard", step: "register", next_at: null });
  expect(now.status_detail).toMatch(/^register: .*PIN/);
  expect(await page()).toContain("Register the number: stopped");
  const resumed = await api("POST", `/v1/sessions/${session}/onboarding`, { pin: "246810" });
  expect(resumed.status).toBe(200);
  await becomes(session, "connected");
});

test("a sign-in that lacks a right is auth_failed, and names the right", async () => {
  const { session, hand } = await business(4, { waba: { scopes: ["whatsapp_business_management"] } });
  await hand();
  expect((await becomes(session, "auth_failed")).status_detail).toContain("whatsapp_business_messaging");
});

test("onboarding goes on after a crash at the step where it was, with the PIN that was chosen before it", async () => {
  const { session, hand } = await business(5);
  await hand();
  await world.restart();
  const errandDue = () =>
    world.sql.begin(async (tx) => {
      await tx`select set_config('app.tenants', '*', true)`;
      await tx`update errand set due_at = clock_timestamp() where session = ${session}`;
    });
  await until(async () => {
    await errandDue();
    return (await get(session)).status === "connected";
  });
});

test("with the last session of an account our app's subscription ends; whoever joins again is subscribed after that", async () => {
  const first = await business(6, {
    waba: {
      numbers: [
        { phone_number_id: "996", display_phone_number: "+15550008886", status: "PENDING" },
        { phone_number_id: "9960", display_phone_number: "+15550088860", status: "CONNECTED" },
      ],
    },
  });
  await first.hand();
  await becomes(first.session, "connected");
  const own = await api("POST", "/v1/sessions", {
    name: "second",
    provider: "cloud_api",
    cloud_api: { waba_id: "886", phone_number_id: "9960", access_token: "EAAbusiness6token" },
  });
  await api("DELETE", `/v1/sessions/${own.body.id}`);
  expect(await subscribed("886", 6)).toBe(1);

  await api("DELETE", `/v1/sessions/${first.session}`);
  await until(async () => (await subscribed("886", 6)) === 0);
  await until(async () => (await api("GET", `/v1/sessions/${first.session}`)).status === 404);

  // Gone and back at once: whichever is taken up first, it ends subscribed.
  const [second, third] = [await joinAgain("996"), await joinAgain("996")];
  await second();
  await becomes(second.session, "connected");
  await api("DELETE", `/v1/sessions/${second.session}`);
  await third();
  await becomes(third.session, "connected");
  await until(async () => (await api("GET", `/v1/sessions/${second.session}`)).status === 404);
  expect(await subscribed("886", 6)).toBe(1);

  async function joinAgain(phone: string) {
    const link = await api("POST", "/v1/sessions/onboarding", { name: "again" });
    const hand = async () => {
      const { code } = await simulator.control<{ code: string }>("POST", "/signups", { waba_id: "886" });
      const path = `${pathOf(link.body.url)}/signup`;
      await world.call("POST", path, { body: { code, waba_id: "886", phone_number_id: phone } });
    };
    return Object.assign(hand, { session: link.body.session });
  }
});

test("no token, code or PIN of a sign-up stands in an answer, a log line or the audit", async () => {
  const told = JSON.stringify([
    world.logged(),
    audit.seen.map(({ record }) => record),
    await api("GET", "/v1/sessions"),
  ]);
  for (const secret of ["EAAbusiness", "246810", "app-secret"]) expect(told).not.toContain(secret);
});
