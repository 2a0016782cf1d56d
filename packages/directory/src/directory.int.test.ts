import { randomBytes } from "node:crypto";
import { compactedKey, type SessionState, type TenantConfig, topics } from "@wamesh/events";
import {
  keyConfig,
  outgoing,
  sessionState,
  type TestKafka,
  templateConfig,
  tenantConfig,
  testKafka,
  until,
} from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Directory, openDirectory } from "./index.ts";

let mesh: TestKafka;
const open: Directory[] = [];

beforeAll(async () => {
  mesh = await testKafka();
});
afterAll(async () => {
  await Promise.all(open.map((directory) => directory.stop()));
  await mesh.drop();
});

// The directory reads the mesh's own two topics, which other tests use too: every id is this test's own.
const acme = `acme-${randomBytes(4).toString("hex")}`;

/** Writes as session-manager does. */
async function publish(...records: (TenantConfig | SessionState)[]): Promise<void> {
  const codec = await mesh.codec(topics.tenantConfig, topics.sessionState);
  const producer = mesh.kafka.producer();
  await producer.send(
    records.map((record) => {
      const at = { tenant: record.tenant, partitions: 8 };
      if ("session" in record) {
        const key = compactedKey(record.tenant, "session", record.session);
        return outgoing(topics.sessionState, codec.encode(topics.sessionState, record), { ...at, key });
      }
      const key = compactedKey(record.tenant, record.kind, record.id);
      return outgoing(topics.tenantConfig, codec.encode(topics.tenantConfig, record), { ...at, key });
    }),
  );
  await producer.close();
}

async function directory(): Promise<Directory> {
  const codec = await mesh.codec(topics.tenantConfig, topics.sessionState);
  const opened = await openDirectory({ kafka: mesh.kafka, codec });
  open.push(opened);
  return opened;
}

test("what was published before the start is known when it is ready", async () => {
  const keyId = randomBytes(6).toString("hex");
  const session = `session-${acme}`;
  await publish(
    tenantConfig({ tenant: acme }),
    keyConfig({ tenant: acme, id: keyId }),
    templateConfig({ tenant: acme }),
    sessionState({ tenant: acme, session, provider_ref: `ref-${acme}`, account_ref: `waba-${acme}` }),
  );
  const known = await directory();
  await known.ready;
  expect(known.freshMs()).toBeLessThan(5000);
  expect(known.tenant(acme)).toMatchObject({
    state: "active",
    isOperator: false,
    record: { plan: { weight: 1 } },
  });
  expect(known.key(keyId)).toMatchObject({ tenant: acme, state: "active" });
  expect(known.template(acme, "account-1", "welcome", "en_US")).toMatchObject({ category: "utility" });
  expect(known.session(session)?.tenant).toBe(acme);
  expect(known.sessionByProviderRef("cloud_api", `ref-${acme}`)?.session).toBe(session);
  expect(known.sessionsByAccountRef(`waba-${acme}`).map((one) => one.session)).toEqual([session]);
  expect(known.sessionsInPool(acme, "default").map((one) => one.session)).toEqual([session]);
});

test("a revoked key is known as revoked within a second, in every process", async () => {
  const id = randomBytes(6).toString("hex");
  await publish(keyConfig({ tenant: acme, id }));
  const known = [await directory(), await directory()];
  await Promise.all(known.map((one) => one.ready));
  const changes: string[] = [];
  known[0]!.onChange((change) => changes.push(`${change.kind} ${change.id}`));
  await publish(keyConfig({ tenant: acme, id, version: 2, state: "revoked" }));
  const written = performance.now();
  for (const one of known) await until(() => one.key(id)?.state === "revoked", { everyMs: 5 });
  expect(performance.now() - written).toBeLessThan(1000);
  expect(changes).toContain(`key ${id}`);
});

test("a pool follows its members", async () => {
  const tenant = `${acme}-pools`;
  const member = (session: string, over: Partial<SessionState> = {}) =>
    sessionState({ tenant, session: `${tenant}-${session}`, ...over });
  await publish(member("a"), member("b"));
  const known = await directory();
  await known.ready;
  const pool = () => known.sessionsInPool(tenant, "default").map(({ session }) => session.at(-1));
  expect(pool()).toEqual(["a", "b"]);
  await publish(member("a", { version: 2, status: "deleted" }), member("c"));
  await until(() => pool().join() === "b,c");
});
