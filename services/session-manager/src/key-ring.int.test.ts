import { type SessionState, topics } from "@wamesh/events";
import { verifyWasenderSecret } from "@wamesh/providers";
import { withTenants } from "@wamesh/store";
import { until } from "@wamesh/testing";
import { createVault } from "@wamesh/vault";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorld, type World, watch } from "./int-world.ts";

let world: World;
let tenant: { id: string; key: string };
let states: Awaited<ReturnType<typeof watch<SessionState>>>;
beforeAll(async () => {
  world = await openWorld();
  tenant = await world.tenant("ringed");
  states = await watch(world, topics.sessionState);
});
afterAll(async () => {
  await states.table.stop();
  await world.close();
});

const ringKey = (id: string, byte: number) => ({ id, key: Buffer.alloc(32, byte) });
const setting = (...ring: ReturnType<typeof ringKey>[]) => ({
  WAMESH_CREDENTIAL_KEYS: ring.map(({ id, key }) => `${id}:${key.toString("base64")}`).join(),
});
const [k1, k2] = [ringKey("k1", 7), ringKey("k2", 8)];

let made = 0;
async function create(): Promise<string> {
  const n = ++made;
  const answer = await world.call("POST", "/v1/sessions", {
    key: tenant.key,
    body: {
      name: "n",
      provider: "cloud_api",
      // An account each: looks at one account keep a budget.
      cloud_api: { waba_id: `277${n}`, phone_number_id: `377${n}`, access_token: `EAA-token-${n}` },
    },
  });
  expect(answer.status).toBe(201);
  return answer.body.id;
}
const path = (id: string) => `/v1/sessions/${id}`;
const get = async (id: string) => (await world.call("GET", path(id), { key: tenant.key })).body;
const becomes = (id: string, status: string) =>
  until(async () => {
    const now = await get(id);
    return now.status === status && now;
  });
const latest = (id: string) => states.seen.findLast(({ record }) => record.session === id)?.record;
type Ring = {
  keys: { id: string; known: boolean; credentials: number; retirable: boolean }[];
  callback_peppers: { id: string; known: boolean; sessions: number; retirable: boolean }[];
  unnamed_pepper: number;
  unpublished: number;
};
const ring = async () =>
  (await world.call("GET", "/v1/keyring", { key: world.operatorKey })).body as unknown as Ring;

test("a new ring key in front takes over every credential, readers of the old ring are told, and the old key can go", async () => {
  const ids = await Promise.all(Array.from({ length: 120 }, create));
  await Promise.all(ids.map((id) => becomes(id, "connected")));
  expect((await ring()).keys).toEqual([{ id: "k1", known: true, credentials: 120, retirable: false }]);
  const aged = await world.call("GET", `${path(ids[0]!)}/credentials`, { key: tenant.key });

  await world.stopService();
  await world.startService(setting(k2, k1));
  const after = await until(async () => {
    const now = await ring();
    return now.keys[1]?.retirable === true && now;
  });
  expect(after.keys).toEqual([
    { id: "k2", known: true, credentials: 120, retirable: false },
    { id: "k1", known: true, credentials: 0, retirable: true },
  ]);
  await until(() => ids.every((id) => latest(id)?.credentials?.key_ring_id === "k2"));
  const onlyNew = createVault({ ring: [k2] });
  for (const [n, id] of ids.entries()) {
    const opened = onlyNew.open(latest(id)!.credentials!, { tenant: tenant.id, session: id });
    expect(opened.kind === "opened" && JSON.parse(opened.plaintext.toString()).accessToken).toBe(
      `EAA-token-${n + 1}`,
    );
  }
  // It is as old as it was, and the session is what it was.
  const now = await world.call("GET", `${path(ids[0]!)}/credentials`, { key: tenant.key });
  expect(now.body).toEqual({ ...aged.body, ring_key: "k2" });
  expect((await get(ids[0]!)).status).toBe("connected");

  await world.stopService();
  await world.startService(setting(k2));
  expect((await ring()).keys).toEqual([{ id: "k2", known: true, credentials: 120, retirable: false }]);
  const body = { status: "connecting" };
  await world.call("PATCH", path(ids[1]!), { key: tenant.key, body });
  await becomes(ids[1]!, "connected");
});

test("a credential under a key that was taken away too early is left as it is, and named", async () => {
  await world.stopService();
  await world.startService(setting(k1));
  const id = await create();
  await becomes(id, "connected");
  await world.stopService();
  await world.startService(setting(k2));
  const found = await until(async () => {
    const now = (await ring()).keys.find((key) => key.id === "k1");
    return now && world.logged().includes("not known here") && now;
  });
  expect(found).toEqual({ id: "k1", known: false, credentials: 1, retirable: false });
  await world.stopService();
  await world.startService(setting(k2, k1));
  await until(() => latest(id)?.credentials?.key_ring_id === "k2");
});

test("a new callback pepper takes over every secret that is on record; what providers were given still opens", async () => {
  const wasender = (n: number) => ({
    session_id: `51${n}`,
    api_key: `key-of-51${n}`,
    webhook_secret: `hook-of-51${n}`,
  });
  const make = async (n: number) => {
    const body = { name: "w", provider: "wasender", wasender: wasender(n) };
    return (await world.call("POST", "/v1/sessions", { key: tenant.key, body })).body.id;
  };
  const [id, early] = [await make(1), await make(2)];
  await Promise.all([id, early].map((one) => becomes(one, "connected")));
  // As sessions were made when nothing but the hash was kept, and peppers had no names.
  await withTenants(world.sql, "all", async (tx) => {
    await tx`update session set callback_secret_hash = split_part(callback_secret_hash, ':', 2) where id = ${early}`;
    await tx`
      update credential set ciphertext = other.ciphertext from credential other
      where credential.session = ${early} and other.session = ${id}`;
  });
  const peppers = { WAMESH_CALLBACK_PEPPERS: "c2:callback-pepper-number-2,c1:callback-pepper-of-tests" };
  await world.stopService();
  await world.startService(peppers);
  const [young, old] = [
    { id: "c2", secret: "callback-pepper-number-2" },
    { id: "c1", secret: "callback-pepper-of-tests" },
  ];
  await until(() => latest(id)?.callback_secret_hash?.startsWith("c2:"));
  expect(verifyWasenderSecret("hook-of-511", latest(id)!.callback_secret_hash!, [young])).toBe(true);
  expect(await ring()).toMatchObject({
    callback_peppers: [
      { id: "c2", known: true, sessions: 1, retirable: false },
      { id: "c1", known: true, sessions: 0, retirable: false },
    ],
    unnamed_pepper: 1,
  });
  expect(verifyWasenderSecret("hook-of-512", latest(early)!.callback_secret_hash!, [young, old])).toBe(true);

  // Sent again, it is hashed by the newest, and the old pepper can go.
  const body = { wasender: { api_key: "key-of-512", webhook_secret: "hook-of-512" } };
  await world.call("PUT", `${path(early)}/credentials`, { key: tenant.key, body });
  await until(async () => (await ring()).callback_peppers[1]?.retirable);
  await world.stopService();
  await world.startService({ WAMESH_CALLBACK_PEPPERS: "c2:callback-pepper-number-2" });
  expect((await ring()).callback_peppers).toEqual([{ id: "c2", known: true, sessions: 2, retirable: false }]);
  expect((await get(id)).status).toBe("connected");
});

test("the ring is the operator's to see", async () => {
  expect((await world.call("GET", "/v1/keyring", { key: tenant.key })).body.code).toBe("operator_only");
});

test("revoked credentials are destroyed at once, and only new ones bring the session back", async () => {
  const id = await create();
  await becomes(id, "connected");
  const revoke = () => world.call("DELETE", `${path(id)}/credentials`, { key: tenant.key });
  expect((await revoke()).status).toBe(204);
  expect(await get(id)).toMatchObject({ status: "auth_failed", status_evidence: "operator" });
  const { version } = await get(id);
  await until(() => latest(id)?.version === version);
  expect(latest(id)).toMatchObject({ status: "auth_failed", credentials: null });
  expect(
    await withTenants(world.sql, "all", (tx) => tx`select 1 from credential where session = ${id}`),
  ).toHaveLength(0);
  expect((await world.call("GET", `${path(id)}/credentials`, { key: tenant.key })).status).toBe(404);

  // Twice is once, and it can't be told to connect with nothing.
  expect((await revoke()).status).toBe(204);
  const order = await world.call("PATCH", path(id), { key: tenant.key, body: { status: "connecting" } });
  expect([order.status, order.body.code]).toEqual([409, "conflict"]);
  expect(await get(id)).toMatchObject({ status: "auth_failed", version });

  const body = { cloud_api: { access_token: "EAA-token-after-all" } };
  await world.call("PUT", `${path(id)}/credentials`, { key: tenant.key, body });
  await becomes(id, "connected");
  expect(latest(id)!.credentials!.version).toBeGreaterThan(1);
});
