/** The process itself: settings, tables from Kafka, one message, and an orderly end. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compactedKey, createCodec, partition, type Topic, topics } from "@wamesh/events";
import {
  type FreshDatabase,
  freshDatabase,
  keyConfig,
  outgoing,
  sessionState,
  stack,
  type TestKafka,
  tenantConfig,
  testKafka,
  until,
} from "@wamesh/testing";
import { hashSecret } from "@wamesh/vault";
import { afterAll, beforeAll, expect, test } from "vitest";

const unique = randomBytes(6).toString("hex");
const tenant = `t-${unique}`;
const session = `ses_${unique}`;
const peppers = "test:a pepper of the tests";
const secret = "s".repeat(32);
const folder = mkdtempSync(join(tmpdir(), "ingest-"));
const announceFile = join(folder, "addresses.json");

let kafka: TestKafka;
let database: FreshDatabase;
let child: ChildProcess;

beforeAll(async () => {
  kafka = await testKafka();
  database = await freshDatabase({
    migrations: [{ schema: "ingest", dirs: [join(import.meta.dirname, "../migrations")] }],
  });
  child = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      WAMESH_KAFKA_BROKERS: stack().kafkaBrokers,
      WAMESH_REGISTRY_URL: stack().registryUrl,
      WAMESH_REDIS_URL: stack().redisUrl,
      WAMESH_POSTGRES_URL: database.appUrl("ingest"),
      WAMESH_KEY_PEPPERS: peppers,
      WAMESH_RECIPIENT_TOKEN_KEYS: "test:a token key of the tests",
      WAMESH_ANNOUNCE_FILE: announceFile,
      // Not the worker: it would take domain events from meshes that other tests run on the same servers.
      WAMESH_ROLES: "api",
    },
  });
});
afterAll(async () => {
  if (child.exitCode === null) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
  await database.drop();
  await kafka.drop();
});

async function publish<Record_>(topic: Topic<Record_>, record: Record_, key: string) {
  const codec = await createCodec({ registryUrl: stack().registryUrl, topics: [topic] });
  const place = partition(tenant, await kafka.kafka.partitions(topic.name));
  const producer = kafka.kafka.producer();
  await producer.send([outgoing(topic, codec.encode(topic, record), { tenant, key, partition: place })]);
  await producer.close();
}

test("knows tenants, keys and sessions from Kafka alone, takes a message, and ends in order", async () => {
  const { http, probes } = await until(() => JSON.parse(readFileSync(announceFile, "utf8")));
  await until(async () => (await fetch(`${probes}/readyz`)).ok);
  const send = () =>
    fetch(`${http}/v1/messages`, {
      method: "POST",
      headers: { authorization: `Bearer wam_${unique}_${secret}`, "content-type": "application/json" },
      body: JSON.stringify({ to: "+15551234567", text: { body: "Hi" } }),
    });
  expect((await send()).status).toBe(401);

  const secretHashes = hashSecret([{ id: "test", secret: "a pepper of the tests" }], secret);
  await publish(topics.tenantConfig, tenantConfig({ tenant }), compactedKey(tenant, "tenant", tenant));
  const key = keyConfig({ tenant, id: unique, key_record: { secret_hashes: secretHashes } });
  await publish(topics.tenantConfig, key, compactedKey(tenant, "key", unique));
  await publish(
    topics.sessionState,
    sessionState({ tenant, session }),
    compactedKey(tenant, "session", session),
  );

  const answer = await until(async () => {
    const response = await send();
    return response.status === 202 && ((await response.json()) as object);
  });
  expect(answer).toMatchObject({ status: "accepted", session_id: session });

  // A revocation reaches every process within a second.
  await publish(
    topics.tenantConfig,
    { ...key, version: 2, state: "revoked" },
    compactedKey(tenant, "key", unique),
  );
  const revoked = await until(
    async () => {
      const response = await send();
      return response.status === 401 && ((await response.json()) as object);
    },
    { withinMs: 1_000 },
  );
  expect(revoked).toMatchObject({ code: "key_revoked" });

  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
});
