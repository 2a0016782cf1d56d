/** WasenderApi sessions made, connected and removed at the provider that the simulator plays. */
import { type SessionEvent, topics } from "@wamesh/events";
import { until } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SimulatorProcess, startSimulatorProcess } from "./int-simulator.ts";
import { openWorld, type World, watch } from "./int-world.ts";

type Listed = { id: number; name: string; webhook_url: string; webhook_events: string[]; status: string };

let simulator: SimulatorProcess;
let world: World;
let tenant: { id: string; key: string };
let events: Awaited<ReturnType<typeof watch<SessionEvent>>>;
beforeAll(async () => {
  simulator = await startSimulatorProcess();
  const providerUrls = { cloudApi: `${simulator.url}/graph`, wasender: `${simulator.url}/wasender/api` };
  world = await openWorld({ providerUrls });
  tenant = await world.tenant("maker");
  events = await watch(world, topics.sessionEvent);
});
afterAll(async () => {
  await events.table.stop();
  await world.close();
  await simulator.close();
});

const account = (pat: string, more: object = {}) =>
  simulator.control("POST", "/wasender/accounts", { pat, ...more });
const listed = async (pat: string): Promise<Listed[]> => {
  const answer = await fetch(`${simulator.url}/wasender/api/whatsapp-sessions`, {
    headers: { authorization: `Bearer ${pat}` },
  });
  return ((await answer.json()) as { data: Listed[] }).data;
};
const create = (pat: string, name = "shop") =>
  world.call("POST", "/v1/sessions", {
    key: tenant.key,
    body: { name, provider: "wasender", phone: "+15550001234", wasender: { account_token: pat } },
  });
const get = async (id: string) => (await world.call("GET", `/v1/sessions/${id}`, { key: tenant.key })).body;
const becomes = (id: string, status: string) =>
  until(async () => {
    const now = await get(id);
    return now.status === status && now;
  });
/** Made, scanned and connected. */
async function connected(pat: string) {
  const { status, body } = await create(pat);
  expect(status).toBe(201);
  const { provider_ref } = await becomes(body.id, "need_scan");
  await set(provider_ref, { status: "connected" });
  await look(body.id);
  await becomes(body.id, "connected");
  return { id: body.id, ref: provider_ref };
}
const set = (ref: string, fields: object) => simulator.control("PUT", `/wasender/sessions/${ref}`, fields);
/** The next look is now. */
const look = (id: string) =>
  world.sql.begin(async (tx) => {
    await tx`select set_config('app.tenants', '*', true)`;
    await tx`update session set next_probe_at = clock_timestamp() where id = ${id}`;
  });
const hurry = (id: string) =>
  world.sql.begin(async (tx) => {
    await tx`select set_config('app.tenants', '*', true)`;
    await tx`update errand set due_at = clock_timestamp() where session = ${id}`;
  });

test("a session is made at the provider with our address, and waits for its scan", async () => {
  await account("account-token-1");
  const made = await create("account-token-1");
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ status: "created", phone: "+15550001234" });
  const now = await becomes(made.body.id, "need_scan");
  const [there, ...others] = await listed("account-token-1");
  expect(others).toEqual([]);
  expect(there).toMatchObject({
    name: "shop",
    status: "need_scan",
    account_protection: true,
    log_messages: true,
    webhook_url: made.body.callback_url,
  });
  expect(there!.webhook_events).not.toContain("qrcode.updated");
  expect(now).toMatchObject({ provider_ref: String(there!.id), errand: null });
  await until(() =>
    events.seen.some(({ record }) => record.session === now.id && record.status === "need_scan"),
  );
});

test("what a crash, or a lost answer, leaves behind at the provider is found again and not made twice", async () => {
  await account("account-token-2", { lose_creates: 1 });
  const { body } = await create("account-token-2");
  await until(async () => (await listed("account-token-2")).length === 1);
  await until(async () => (await get(body.id)).errand?.detail.includes("no answer"));
  await world.restart();
  await hurry(body.id);
  await becomes(body.id, "need_scan");
  expect(await listed("account-token-2")).toHaveLength(1);
});

test("a refused account token makes the session auth_failed with the provider's words, and is not tried again until it is replaced", async () => {
  const { body } = await create("account-token-unknown");
  const now = await becomes(body.id, "auth_failed");
  expect(now.status_detail).toContain("Unauthenticated.");
  expect(now.errand).toMatchObject({ kind: "create", tries: 1, next_at: null });
  await account("account-token-3");
  const replaced = await world.call("PUT", `/v1/sessions/${body.id}/credentials`, {
    key: tenant.key,
    body: { wasender: { account_token: "account-token-3" } },
  });
  expect(replaced.status).toBe(200);
  await becomes(body.id, "need_scan");
});

test("a plan that is used up is told in the provider's words; it goes on when its tenant says so", async () => {
  await account("account-token-4", { max_sessions: 0 });
  const { body } = await create("account-token-4");
  const now = await until(async () => {
    const one = await get(body.id);
    return one.errand?.next_at === null && one;
  });
  expect(now).toMatchObject({ status: "created", status_detail: expect.stringContaining("session limit") });
  await account("account-token-4", { max_sessions: 1 });
  const order = { key: tenant.key, body: { status: "connecting" } };
  await world.call("PATCH", `/v1/sessions/${body.id}`, order);
  await becomes(body.id, "need_scan");
});

test("deleting removes it at the provider, over a restart and a provider that is away, and is seen until it is done", async () => {
  await account("account-token-5");
  const { body } = await create("account-token-5");
  await becomes(body.id, "need_scan");
  await account("account-token-6");
  // The account's token is refused for now.
  const before = await world.sql.begin(async (tx) => {
    await tx`select set_config('app.tenants', '*', true)`;
    return await tx`select ciphertext from credential where session = ${body.id}`;
  });
  expect(before).toHaveLength(1);
  await world.call("PUT", `/v1/sessions/${body.id}/credentials`, {
    key: tenant.key,
    body: { wasender: { account_token: "account-token-unknown-2" } },
  });
  expect((await world.call("DELETE", `/v1/sessions/${body.id}`, { key: tenant.key })).status).toBe(204);
  const remains = await until(async () => {
    const one = await get(body.id);
    return one.errand?.detail !== "" && one;
  });
  expect(remains).toMatchObject({ status: "deleted", errand: { kind: "remove", step: "removing" } });
  expect(await listed("account-token-5")).toHaveLength(1);
  await world.restart();
  await account("account-token-unknown-2");
  await hurry(body.id);
  await until(
    async () => (await world.call("GET", `/v1/sessions/${body.id}`, { key: tenant.key })).status === 404,
  );
  const after = await world.sql.begin(async (tx) => {
    await tx`select set_config('app.tenants', '*', true)`;
    return await tx`select 1 from credential where session = ${body.id}`;
  });
  expect(after).toHaveLength(0);
});

test("a session whose making was never seen to end is removed at the provider too", async () => {
  await account("account-token-7", { lose_creates: 1 });
  const { body } = await create("account-token-7");
  await until(async () => (await get(body.id)).errand?.detail.includes("no answer"));
  await world.call("DELETE", `/v1/sessions/${body.id}`, { key: tenant.key });
  await hurry(body.id);
  await until(async () => (await listed("account-token-7")).length === 0);
});

test("a dropped session comes back by itself, with the same key and without a scan", async () => {
  await account("account-token-8");
  const { id, ref } = await connected("account-token-8");
  await set(ref, { status: "disconnected" });
  await look(id);
  const down = await becomes(id, "disconnected");
  expect(down.errand).toMatchObject({ kind: "connect" });
  await hurry(id);
  await becomes(id, "connected");
  expect((await get(id)).errand).toBeNull();
});

test("a session that was logged out on the phone is left to its tenant, who hears of it", async () => {
  await account("account-token-9");
  const { id, ref } = await connected("account-token-9");
  await set(ref, { status: "logged_out" });
  await look(id);
  expect(await becomes(id, "logged_out")).toMatchObject({ errand: null });
  await until(() =>
    events.seen.some(({ record }) => record.session === id && record.status === "logged_out"),
  );
  expect((await listed("account-token-9"))[0]).toMatchObject({ status: "logged_out" });
});

test("availability is told per session: connected time of wanted time", async () => {
  await account("account-token-10");
  const { id } = await connected("account-token-10");
  await world.sql.begin(async (tx) => {
    await tx`select set_config('app.tenants', '*', true)`;
    // As if it had been made ten hours ago and connected nine hours ago.
    await tx`delete from spell where session = ${id}`;
    await tx`
      insert into spell (session, tenant, from_at, counts) values
        (${id}, ${tenant.id}, clock_timestamp() - interval '10 hours', 'wanted'),
        (${id}, ${tenant.id}, clock_timestamp() - interval '9 hours', 'connected')`;
  });
  const { availability } = await get(id);
  expect(availability["24h"]).toMatchObject({ wanted_s: 36_000, connected_s: 32_400, share: 0.9 });
  expect(availability["30d"]).toEqual(availability["24h"]);
  await world.call("PATCH", `/v1/sessions/${id}`, { key: tenant.key, body: { status: "suspended" } });
  const spells = await world.sql.begin(async (tx) => {
    await tx`select set_config('app.tenants', ${tenant.id}, true)`;
    return await tx<{ counts: string }[]>`select counts from spell where session = ${id} order by from_at`;
  });
  expect(spells.map(({ counts }) => counts)).toEqual(["wanted", "connected", "idle"]);
});

test("neither account tokens nor keys are in any answer, log line or event", async () => {
  const { data } = (await (
    await fetch(`${simulator.url}/wasender/api/whatsapp-sessions`, {
      headers: { authorization: "Bearer account-token-8" },
    })
  ).json()) as { data: Listed[] };
  const whole = (await (
    await fetch(`${simulator.url}/wasender/api/whatsapp-sessions/${data[0]!.id}`, {
      headers: { authorization: "Bearer account-token-8" },
    })
  ).json()) as { data: { api_key: string; webhook_secret: string } };
  const told = JSON.stringify([
    await world.call("GET", "/v1/sessions", { key: tenant.key }),
    events.seen.map(({ record }) => record),
    world.logged(),
  ]);
  for (const secret of [
    whole.data.api_key,
    whole.data.webhook_secret,
    "account-token-8",
    "account-token-unknown-2",
    "2@",
  ])
    expect(told).not.toContain(secret);
});
