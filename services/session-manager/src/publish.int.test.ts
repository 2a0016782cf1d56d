import { openDirectory } from "@wamesh/directory";
import { type AuditEntry, type SessionState, type TenantConfig, topics } from "@wamesh/events";
import { until } from "@wamesh/testing";
import { createVault } from "@wamesh/vault";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createChanger, ourselves } from "./change.ts";
import { openWorld, type World, watch } from "./int-world.ts";
import { patchTenant } from "./tenants.ts";

let world: World;
let config: Awaited<ReturnType<typeof watch<TenantConfig>>>;
let states: Awaited<ReturnType<typeof watch<SessionState>>>;
let audits: Awaited<ReturnType<typeof watch<AuditEntry>>>;
beforeAll(async () => {
  world = await openWorld();
  [config, states, audits] = await Promise.all([
    watch(world, topics.tenantConfig),
    watch(world, topics.sessionState),
    watch(world, topics.audit),
  ]);
});
afterAll(async () => {
  await Promise.all([config, states, audits].map(({ table }) => table.stop()));
  await world.close();
});

const versions = (key: string) =>
  config.seen.filter((one) => one.key === key).map(({ record }) => record.version);
const secret = "EAA-token-that-nobody-reads";
const session = (n: number) => ({
  name: "n",
  provider: "cloud_api",
  cloud_api: { waba_id: `28${n}`, phone_number_id: `38${n}`, access_token: secret },
});

test("a new key is known, and a revoked one refused, by every other service within a second", async () => {
  // The reader that all of them have in their processes.
  const directory = await openDirectory(world);
  await directory.ready;
  try {
    const { key } = await world.tenant("revoker");
    const id = key.split("_")[1]!;
    const madeAt = performance.now();
    await until(() => directory.key(id)?.state === "active", { everyMs: 5 });
    expect(performance.now() - madeAt).toBeLessThan(1_000);
    const askedAt = performance.now();
    await world.call("DELETE", `/v1/keys/${id}`, { key });
    await until(() => directory.key(id)?.state === "revoked", { everyMs: 5 });
    expect(performance.now() - askedAt).toBeLessThan(1_000);
  } finally {
    await directory.stop();
  }
});

test("every change raises the version by one and is told in order, with an audit entry", async () => {
  const { id, key } = await world.tenant("changer");
  for (let n = 0; n < 5; n++)
    await world.call("PATCH", `/v1/tenants/${id}`, { key, body: { name: `name ${n}` } });
  await until(() => versions(`${id}|tenant|${id}`).length === 6);
  expect(versions(`${id}|tenant|${id}`)).toEqual([1, 2, 3, 4, 5, 6]);
  const actions = await until(() => {
    const own = audits.seen.filter(({ record }) => record.tenant === id).map(({ record }) => record);
    return own.length === 7 && own;
  });
  expect(actions.map(({ action }) => action)).toEqual([
    "tenant.created",
    "key.created",
    ...Array(5).fill("tenant.changed"),
  ]);
  expect(actions.at(-1)).toMatchObject({ actor_tenant: id, actor_key: key.split("_")[1] });
});

test("changing a plan publishes each of its tenants whole, with its brand and the plan resolved", async () => {
  const plan = {
    id: world.name("plan"),
    weight: 2,
    per_minute: null,
    per_day: null,
    max_queued: 10,
    bulk: false,
  };
  await world.call("POST", "/v1/plans", { key: world.operatorKey, body: plan });
  const brand = { name: "Planned", logo_url: "https://planned.example/logo.svg", colour: "#0a6e4f" };
  const { id } = await world.tenant("planned", { plan: plan.id, brand });
  const path = `/v1/plans/${plan.id}`;
  const { id: _, ...limits } = { ...plan, weight: 7, per_day: 500 };
  expect((await world.call("PUT", path, { key: world.operatorKey, body: limits })).status).toBe(200);
  const last = await until(() =>
    config.seen.find((one) => one.key === `${id}|tenant|${id}` && one.record.version === 2),
  );
  expect(last.record.tenant_record!.plan).toMatchObject({
    plan: plan.id,
    weight: 7,
    per_day: 500,
    bulk: false,
  });
  expect(last.record.tenant_record!.brand).toEqual(brand);
});

test("a session's record carries credentials that only the ring opens, in their own place only", async () => {
  const { id, key } = await world.tenant("sealer");
  const made = await world.call("POST", "/v1/sessions", { key, body: session(1) });
  const { record } = await until(() => states.seen.find((one) => one.record.session === made.body.id));
  expect(record).toMatchObject({
    tenant: id,
    version: 1,
    status: "connecting",
    account_ref: "281",
    provider_ref: "381",
  });
  const sealed = record.credentials!;
  expect(JSON.stringify(record)).not.toContain(secret);
  for (const part of [sealed.ciphertext, sealed.wrapped_key, sealed.nonce])
    expect(Buffer.from(part).toString("latin1")).not.toContain(secret);
  const ring = (byte: number) => createVault({ ring: [{ id: "k1", key: Buffer.alloc(32, byte) }] });
  const owner = { tenant: id, session: record.session };
  const opened = ring(7).open(sealed, owner);
  expect(opened.kind === "opened" && JSON.parse(opened.plaintext.toString())).toEqual({
    kind: "cloud_api",
    accessToken: secret,
  });
  expect(ring(8).open(sealed, owner).kind).toBe("refused");
  expect(ring(7).open(sealed, { tenant: "other", session: record.session }).kind).toBe("refused");

  const replaced = { key, body: { cloud_api: { access_token: "EAA-the-second-token" } } };
  expect((await world.call("PUT", `/v1/sessions/${record.session}/credentials`, replaced)).status).toBe(200);
  await until(() =>
    states.seen.some((one) => one.record.session === record.session && one.record.credentials?.version === 2),
  );
  expect((await world.call("DELETE", `/v1/sessions/${record.session}`, { key })).status).toBe(204);
  const gone = await until(() =>
    states.seen.find((one) => one.record.session === record.session && one.record.status === "deleted"),
  );
  expect(gone.record.credentials).toBeNull();
});

test("a change that was committed and not published leaves after a restart, and nothing old comes after it", async () => {
  const { id, key } = await world.tenant("survivor");
  const name = `${id}|tenant|${id}`;
  await until(() => versions(name).length === 1);
  await world.stopService();
  // As a process killed between commit and publication leaves it: the row changed, its record in the outbox.
  const changer = createChanger({
    sql: world.sql,
    codec: world.codec,
    partitions: () => 8,
    now: Date.now,
    random: (count) => Buffer.alloc(count, 1),
  });
  await changer.change([id], ourselves, (change) => patchTenant(change, id, { name: "while it was down" }));
  expect(versions(name)).toEqual([1]);
  await world.startService();
  await until(() => versions(name).includes(2));
  expect((await world.call("PATCH", `/v1/tenants/${id}`, { key, body: { name: "after" } })).status).toBe(200);
  await until(() => versions(name).includes(3));
  expect(versions(name)).toEqual([1, 2, 3]);
});

test("each start writes a marker to every partition, behind all that was published before", async () => {
  const before = config.seen.length;
  await world.restart();
  const markers = await until(() => {
    const fresh = config.seen.slice(before).filter(({ record }) => record.kind === "marker");
    return new Set(fresh.map(({ partition }) => partition)).size === 8 && fresh;
  });
  for (const { partition, record } of markers)
    expect(record).toMatchObject({ tenant: "operator", id: String(partition) });
});

test("a revoked operator key stays revoked over a restart with the same settings", async () => {
  const spare = await world.call("POST", "/v1/keys", { key: world.operatorKey, body: { label: "spare" } });
  const id = world.operatorKey.split("_")[1]!;
  expect((await world.call("DELETE", `/v1/keys/${id}`, { key: spare.body.key })).status).toBe(204);
  await world.restart();
  expect((await world.call("GET", "/v1/tenants", { key: world.operatorKey })).body.code).toBe("key_revoked");
  expect((await world.call("GET", "/v1/tenants", { key: spare.body.key })).status).toBe(200);
});
