/** The doctor on real servers: all well, then each thing broken, and named with its remedy. */
import { randomBytes } from "node:crypto";
import { allTopics, askRegistry, type Topic, topics } from "@wamesh/events";
import { openKafka } from "@wamesh/kafka";
import { connect, type Sql } from "@wamesh/store";
import {
  deployTopics,
  type FreshDatabase,
  freshDatabase,
  stack,
  type TestKafka,
  testKafka,
} from "@wamesh/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultPrincipals } from "../acl-plan.ts";
import { migrateAll } from "../migrate.ts";
import { topicSpec } from "../topic-plan.ts";
import { examineServers, examineServices } from "./examine.ts";
import { exitCode, type Finding } from "./finding.ts";
import { examineMigrations } from "./migrations.ts";
import { examineSchemas } from "./schemas.ts";
import { examineTopics } from "./topics.ts";

let database: FreshDatabase;
let urls: Awaited<ReturnType<typeof migrateAll>>;
let kafka: TestKafka;
let sql: Sql;

beforeAll(async () => {
  [database, kafka] = await Promise.all([freshDatabase(), testKafka(), deployTopics()]);
  urls = await migrateAll({ postgresUrl: database.url, appPassword: "test", log: () => {} });
  sql = connect({ url: database.url, schema: "public", max: 1, applicationName: "test" });
});
afterAll(async () => {
  await sql?.end({ timeout: 2 });
  await kafka?.drop();
  await database?.drop();
});

const wrong = (findings: readonly Finding[]) => findings.filter(({ state }) => state === "wrong");
const servers = () => ({
  kafka: { brokers: stack().kafkaBrokers, ssl: false },
  registry: { registryUrl: stack().registryUrl },
  postgres: { url: database.url },
  redis: { url: stack().redisUrl },
  profile: "local" as const,
  replicationFactor: 1,
  principals: defaultPrincipals,
  dataDirs: [import.meta.dirname],
});

test("a mesh that was deployed has nothing wrong, and all of it was looked at", async () => {
  const findings = await examineServers(servers(), Date.now);
  expect(wrong(findings).filter(({ check }) => check !== "disk")).toEqual([]);
  const count = (check: string) => findings.filter((one) => one.check === check).length;
  expect(count("topics")).toBe(allTopics.length);
  expect(count("schemas")).toBe(allTopics.length);
  expect(["connections", "release", "migrations", "clock", "disk"].map(count)).toEqual([4, 1, 5, 2, 1]);
  // The test's brokers let everybody in, and the doctor says so.
  expect(findings).toContainEqual(
    expect.objectContaining({ check: "acls", state: "look", said: expect.stringContaining("no authorizer") }),
  );
});

test("a server that is away is named, and what can't be asked then is left out", async () => {
  const findings = await examineServers(
    { ...servers(), postgres: { url: "postgres://nobody:p4ssword@127.0.0.1:1/none" } },
    Date.now,
  );
  expect(wrong(findings)).toMatchObject([{ check: "connections", subject: "Postgres" }]);
  expect(findings.some(({ check }) => check === "migrations")).toBe(false);
  expect(JSON.stringify(findings)).not.toContain("p4ssword");
  expect(exitCode(findings)).toBe(1);
});

test("topics with a wrong number of partitions, a wrong retention, or none at all are named with what to do", async () => {
  const { config } = topicSpec(topics.messageStatus, "local", 1);
  const made = (partitions: number, over: Record<string, string> = {}) =>
    kafka.topic(topics.messageStatus, { partitions, config: { ...config, ...over } });
  const [good, few, short] = await Promise.all([made(8), made(7), made(8, { "retention.ms": "60000" })]);
  const missing = { ...topics.messageStatus, name: `test.${randomBytes(4).toString("hex")}` };
  const admin = await openKafka({ brokers: stack().kafkaBrokers, clientId: "test", log: () => {} }).admin();
  try {
    const examine = (profile: "local" | "production") =>
      examineTopics({ admin, catalogue: [good, few, short, missing], profile, replicationFactor: 1 });
    expect(await examine("local")).toMatchObject([
      { subject: good.name, state: "ok", remedy: null },
      { subject: few.name, state: "wrong", said: "has 7 partitions, the local profile asks for 8" },
      {
        subject: short.name,
        said: "retention.ms is 60000, not 1209600000",
        remedy: expect.stringMatching(/deploy/),
      },
      { subject: missing.name, state: "wrong", said: "does not exist", remedy: "run `npm run deploy`" },
    ]);
    const copies = await examineTopics({ admin, catalogue: [good], profile: "local", replicationFactor: 3 });
    expect(copies).toMatchObject([{ state: "wrong", remedy: expect.stringContaining("npm run deploy") }]);
  } finally {
    await admin.close();
  }
});

describe("schemas", () => {
  const registry = () => ({ registryUrl: stack().registryUrl });
  const subjectLike = (topic: Topic<unknown>) => ({
    ...topic,
    subject: `test-${randomBytes(5).toString("hex")}-value`,
  });
  const register = (subject: string, schema: object) =>
    askRegistry(registry(), "POST", `/subjects/${subject}/versions`, {
      schemaType: "AVRO",
      schema: JSON.stringify(schema),
    });

  test("that are not registered are named by file", async () => {
    const topic = subjectLike(topics.usage);
    expect(await examineSchemas(registry(), [topic])).toMatchObject([
      {
        subject: topic.subject,
        state: "wrong",
        said: "schemas/usage/v1.avsc is not registered",
        remedy: "run `npm run deploy`",
      },
    ]);
  });

  test("that do not fit what somebody registered are told from those", async () => {
    const topic = subjectLike(topics.usage);
    const foreign = { type: "record", name: "Other", fields: [{ name: "other", type: "string" }] };
    expect((await register(topic.subject, foreign)).status).toBe(200);
    await askRegistry(registry(), "PUT", `/config/${topic.subject}`, { compatibility: "FULL_TRANSITIVE" });
    expect(await examineSchemas(registry(), [topic])).toMatchObject([
      { state: "wrong", said: expect.stringContaining("does not fit what is") },
    ]);
  });

  test("whose compatibility somebody loosened are named", async () => {
    const { subject } = topics.usage;
    const config = await askRegistry(registry(), "GET", `/config/${subject}`);
    expect(config.status).toBe(200);
    const topic = subjectLike(topics.usage);
    const { readSchema, versionsOf } = await import("../../schemas/read.ts");
    for (const version of versionsOf("usage")) await register(topic.subject, readSchema("usage", version));
    await askRegistry(registry(), "PUT", `/config/${topic.subject}`, { compatibility: "BACKWARD" });
    expect(await examineSchemas(registry(), [topic])).toMatchObject([
      { state: "wrong", said: "compatibility is BACKWARD, not FULL_TRANSITIVE" },
    ]);
  });
});

test("a migration that is missing is named for its service only, and one that was changed is not called missing", async () => {
  const [last] = await sql<{ name: string }[]>`
    select name from ingest.migration where source = 'ingest' order by name desc limit 1`;
  await sql`delete from ingest.migration where source = 'ingest' and name = ${last!.name}`;
  await sql`update webhooks.migration set checksum = 'other' where name like '0001%' and source = 'webhook-router'`;
  const findings = wrong(await examineMigrations(sql));
  expect(findings).toMatchObject([
    { subject: "ingest (ingest)", said: `not applied: ingest/${last!.name}`, remedy: "run `npm run deploy`" },
    {
      subject: "webhook-router (webhooks)",
      said: expect.stringContaining("was changed after it was applied"),
    },
  ]);
});

test("a database that was never migrated misses all of every service", async () => {
  const empty = await freshDatabase();
  const other = connect({ url: empty.url, schema: "public", max: 1, applicationName: "test" });
  try {
    const findings = await examineMigrations(other);
    expect(findings.map(({ state }) => state)).toEqual(Array(5).fill("wrong"));
  } finally {
    await other.end({ timeout: 2 });
    await empty.drop();
  }
});

test("a service's own settings are tried at every server it uses", async () => {
  const env = {
    WAMESH_KAFKA_BROKERS: stack().kafkaBrokers,
    WAMESH_REGISTRY_URL: stack().registryUrl,
    WAMESH_REDIS_URL: stack().redisUrl,
    WAMESH_POSTGRES_URL: urls.ingest,
    WAMESH_KEY_PEPPERS: "one:a secret of some length",
    WAMESH_RECIPIENT_TOKEN_KEYS: "one:a secret of some length",
  };
  const good = await examineServices([{ service: "ingest", env }]);
  expect(wrong(good)).toEqual([]);
  expect(good.map(({ check, state }) => [check, state])).toEqual([
    ["settings", "ok"],
    ...Array(4).fill(["connections", "ok"]),
    ["acls", "ok"],
    ["release", "ok"],
  ]);
  const { WAMESH_REDIS_URL: _, ...without } = env;
  const broken = await examineServices([
    { service: "ingest", env: without },
    { service: "dispatcher", env: { ...env, WAMESH_CREDENTIAL_KEYS: "short" } },
  ]);
  expect(wrong(broken).map(({ said }) => said)).toEqual([
    "WAMESH_REDIS_URL is missing",
    "WAMESH_CREDENTIAL_KEYS is not valid",
  ]);
});
