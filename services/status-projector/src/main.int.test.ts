// The service as a process of its own: its settings, its probes, a message from the topics to an answer, and its end.
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allTopics, type Codec, compactedKey, partition, type Topic, topics } from "@wamesh/events";
import type { Producer } from "@wamesh/kafka";
import { connect, withTenants } from "@wamesh/store";
import {
  deployTopics,
  freshDatabase,
  keyConfig,
  outboundMessage,
  outgoing,
  stack,
  tenantConfig,
  testKafka,
  until,
} from "@wamesh/testing";
import { hashSecret } from "@wamesh/vault";
import { afterAll, beforeAll, expect, test } from "vitest";

const unique = randomBytes(5).toString("hex");
/** Topics of the catalogue are shared with other tests: the tenants, the schema and so the groups are this test's own. */
const schema = `projection_${unique}`;
const tenant = `acme-${unique}`;
const keyId = `k${unique}0`;
const secret = "s".repeat(32);
const pepper = { id: "one", secret: "p".repeat(16) };

let database: Awaited<ReturnType<typeof freshDatabase>>;
let broker: Awaited<ReturnType<typeof testKafka>>;
let codec: Codec;
let producer: Producer;
let folder: string;
let child: ChildProcess;
let addresses: { http: string; probes: string };

beforeAll(async () => {
  await deployTopics();
  database = await freshDatabase({
    migrations: [{ schema, dirs: [join(import.meta.dirname, "../migrations")] }],
  });
  broker = await testKafka();
  codec = await broker.codec(...allTopics);
  producer = broker.kafka.producer();
  const key = { scopes: ["status:read"], secret_hashes: hashSecret([pepper], secret) };
  await send(topics.tenantConfig, tenantConfig({ tenant }), compactedKey(tenant, "tenant", tenant));
  await send(
    topics.tenantConfig,
    keyConfig({ tenant, id: keyId, key_record: key }),
    compactedKey(tenant, "key", keyId),
  );

  folder = await mkdtemp(join(tmpdir(), "projector "));
  const announceFile = join(folder, "announced.json");
  const { kafkaBrokers, registryUrl } = stack();
  child = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      PATH: process.env.PATH,
      WAMESH_KAFKA_BROKERS: kafkaBrokers,
      WAMESH_REGISTRY_URL: registryUrl,
      WAMESH_POSTGRES_URL: database.appUrl(schema),
      WAMESH_SCHEMA: schema,
      WAMESH_KEY_PEPPERS: `${pepper.id}:${pepper.secret}`,
      WAMESH_ANNOUNCE_FILE: announceFile,
    },
  });
  addresses = await until(async () => JSON.parse(await readFile(announceFile, "utf8")), {
    what: "its addresses",
  });
  await until(async () => (await fetch(`${addresses.probes}/readyz`)).ok, { what: "it is ready" });
});

afterAll(async () => {
  if (child?.exitCode === null) child.kill("SIGKILL");
  await producer?.close();
  await broker?.drop();
  await database?.drop();
  if (folder !== undefined) await rm(folder, { recursive: true });
});

async function send<Record_>(topic: Topic<Record_>, record: Record_, key = tenant): Promise<void> {
  const partitions = await broker.kafka.partitions(topic.name);
  const place = { tenant, key, partition: partition(tenant, partitions) };
  await producer.send([outgoing(topic, codec.encode(topic, record), place)]);
}

function get(path: string): Promise<Response> {
  return fetch(`${addresses.http}${path}`, { headers: { authorization: `Bearer wam_${keyId}_${secret}` } });
}

test("a message in the topic is answered for with its recipient, at once for who waits", async () => {
  const id = randomUUID();
  const answer = get(`/v1/status/messages/${id}?wait=20`);
  await send(topics.outboundStandard, outboundMessage({ tenant, message_id: id }));
  expect(await (await answer).json()).toMatchObject({ id, tenant, status: "accepted" });
});

test("who signs in reads with the cookie what the key reads, and that they did stands in the audit log", async () => {
  const answer = await fetch(`${addresses.http}/console/api/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json", "wamesh-console": "1" },
    body: JSON.stringify({ key: `wam_${keyId}_${secret}` }),
  });
  expect(await answer.json()).toMatchObject({ tenant, kind: "tenant", key_id: keyId });
  const cookie = answer.headers.get("set-cookie")!.split(";")[0]!;
  const counters = await fetch(`${addresses.http}/v1/status/counters`, {
    headers: { cookie, "wamesh-console": "1" },
  });
  expect(counters.status).toBe(200);
  const sql = connect({ url: database.appUrl(schema), schema, max: 1, applicationName: "projector-test" });
  try {
    await until(async () => {
      const rows = await withTenants(sql, [tenant], (tx) => tx`select * from audit_entry`);
      return rows.some((row) => row.action === "console.signed_in" && row.actor_key === keyId);
    });
  } finally {
    await sql.end();
  }
});

test("its metrics count what it folded", async () => {
  const text = await (await fetch(`${addresses.probes}/metrics`)).text();
  expect(text).toMatch(/^wamesh_projector_records_total\{[^}]*topic="wa.outbound.standard.v1"[^}]*\} \d+/m);
});

test("SIGTERM ends it in order, also while somebody waits and somebody listens", async () => {
  const asked = { method: "POST", headers: { authorization: `Bearer wam_${keyId}_${secret}` } };
  const { token } = (await (await fetch(`${addresses.http}/v1/status/stream/token`, asked)).json()) as {
    token: string;
  };
  const stream = await fetch(`${addresses.http}/v1/status/stream?token=${token}`);
  const waiting = get(`/v1/status/messages/${randomUUID()}?wait=30`);
  const isWaiting = /^wamesh_projector_waiting_requests(\{.*\})? 1$/m;
  await until(async () => isWaiting.test(await (await fetch(`${addresses.probes}/metrics`)).text()));
  child.kill("SIGTERM");
  const [code] = await once(child, "exit");
  expect(code).toBe(0);
  expect((await waiting).status).toBe(404);
  // Ended, not broken off.
  expect(await stream.text()).toMatch(/^retry: 1000\nid: \d+-\d+\nevent: hello\n/);
});
