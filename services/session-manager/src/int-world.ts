/** What the integration tests share: a session-manager on real servers, a provider to probe, and readers of what it writes. */
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Codec, createCodec, type Topic } from "@wamesh/events";
import { type Kafka, openKafka, type Table } from "@wamesh/kafka";
import { type Log, loadSettings } from "@wamesh/service";
import { connect, type Sql } from "@wamesh/store";
import { deployTopics, freshDatabase, stack } from "@wamesh/testing";
import { settings as shape } from "./config.ts";
import { newKey, writeKey } from "./key-material.ts";
import { startSessionManager } from "./start.ts";

export type Answer = { status: number; body: Body; text: string; headers: Headers };
/** Every field some answer has; a test reads those that its answer must have. */
export type Body = {
  id: string;
  account: string;
  code: string;
  key: string;
  status: string;
  version: number;
  status_detail: string;
  phone: string | null;
  availability: Record<"24h" | "7d" | "30d", { wanted_s: number; connected_s: number; share: number | null }>;
  errand: { kind: string; step: string; tries: number; next_at: string | null; detail: string } | null;
  credentials: {
    version: number;
    replaced_at: string;
    used_at: string | null;
    accepted_at: string | null;
  } | null;
  qr: string | null;
  url: string;
  expires_at: string;
  session: string;
  brand: object | null;
  max_children: number | null;
  status_evidence: string;
  rate_per_s: number;
  callback_url: string | null;
  provider_ref: string;
  paths: Record<string, object>;
  items: Body[];
  errors: { field: string; problem: string; remedy: string }[];
};
type Call = { key?: string; tenant?: string; body?: unknown };

export type World = {
  operatorKey: string;
  /** Tenant ids of this world alone: all test files share the topics. */
  name(word: string): string;
  call(method: string, path: string, call?: Call): Promise<Answer>;
  /** Creates a tenant and a key of it. */
  tenant(word: string, more?: object): Promise<{ id: string; key: string }>;
  provider: ProviderStub;
  /** For processes of their own. */
  addresses: Record<"postgresUrl" | "kafkaBrokers" | "registryUrl" | "instanceId", string>;
  sql: Sql;
  kafka: Kafka;
  codec: Codec;
  /** All log lines so far, as text. */
  logged(): string;
  routes(): Promise<{ method: string; path: string }[]>;
  /** Ends the process without grace, as far as one can within a process, and starts another on the same database. */
  restart(): Promise<void>;
  stopService(): Promise<void>;
  /** `more`: settings that are different from now on. */
  startService(more?: Record<string, string>): Promise<void>;
  close(): Promise<void>;
};

const silent = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

/** `providerUrls`: where both providers are, if not at the stub of this world; `env`: more settings. */
export async function openWorld(
  more: { providerUrls?: { cloudApi: string; wasender: string }; env?: Record<string, string> } = {},
): Promise<World> {
  const servers = stack();
  await deployTopics();
  const database = await freshDatabase({
    migrations: [{ schema: "control", dirs: [join(import.meta.dirname, "../migrations")] }],
  });
  const suffix = randomBytes(4).toString("hex");
  const operatorKey = writeKey(newKey(randomBytes));
  const provider = await startProviderStub();
  const env: Record<string, string> = {
    WAMESH_KAFKA_BROKERS: servers.kafkaBrokers,
    WAMESH_REGISTRY_URL: servers.registryUrl,
    WAMESH_POSTGRES_URL: database.appUrl("control"),
    WAMESH_PUBLIC_ORIGIN: "https://mesh.example.com",
    WAMESH_KEY_PEPPERS: "p2:pepper-pepper-pepper-2,p1:pepper-pepper-pepper-1",
    WAMESH_CREDENTIAL_KEYS: `k1:${Buffer.alloc(32, 7).toString("base64")}`,
    WAMESH_CALLBACK_PEPPERS: "c1:callback-pepper-of-tests",
    WAMESH_META_APPS: "4711:app-secret:verify-token",
    WAMESH_OPERATOR_KEY: operatorKey,
    WAMESH_CLOUD_API_URL: more.providerUrls?.cloudApi ?? provider.url,
    WAMESH_WASENDER_URL: more.providerUrls?.wasender ?? `${provider.url}/wasender`,
    ...more.env,
  };
  const lines: string[] = [];
  const log = Object.fromEntries(
    silent.map((level) => [level, (...args: unknown[]) => void lines.push(JSON.stringify([level, ...args]))]),
  ) as unknown as Log;

  let url = "";
  let stop = async () => {};
  async function startService(more: Record<string, string> = {}): Promise<void> {
    Object.assign(env, more);
    const settings = loadSettings(shape, env);
    const closers: (() => Promise<unknown> | unknown)[] = [];
    const running = await startSessionManager({
      settings,
      instanceId: `test-${suffix}`,
      version: "test",
      log,
      fatal: (error) => lines.push(String(error)),
      onStop: (close) => void closers.push(close),
      groupId: `session-manager-${suffix}`,
    });
    url = running.http!.url;
    stop = async () => {
      await running.stop();
      for (const close of closers.reverse()) await close();
    };
  }
  await startService();

  const sql = connect({
    url: database.appUrl("control"),
    schema: "control",
    max: 2,
    applicationName: "test",
  });
  const kafka = openKafka({ brokers: servers.kafkaBrokers, clientId: `test-${suffix}`, log: () => {} });
  const codec = await createCodec({ registryUrl: servers.registryUrl });

  async function call(method: string, path: string, { key, tenant, body }: Call = {}): Promise<Answer> {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(tenant !== undefined && { "wamesh-tenant": tenant }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : null,
      text,
      headers: response.headers,
    };
  }

  const name = (word: string) => `${word}-${suffix}`;
  return {
    operatorKey,
    name,
    call,
    async tenant(word, more = {}) {
      const id = name(word);
      const made = await call("POST", "/v1/tenants", { key: operatorKey, body: { id, name: word, ...more } });
      if (made.status !== 201) throw new Error(JSON.stringify(made.body));
      const key = await call("POST", "/v1/keys", { key: operatorKey, tenant: id, body: { label: "test" } });
      return { id, key: key.body.key };
    },
    provider,
    addresses: {
      postgresUrl: database.appUrl("control"),
      kafkaBrokers: servers.kafkaBrokers,
      registryUrl: servers.registryUrl,
      instanceId: `test-${suffix}`,
    },
    sql,
    kafka,
    codec,
    logged: () => lines.join("\n"),
    async routes() {
      const { body } = await call("GET", "/openapi.json");
      return Object.entries(body.paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
      );
    },
    async restart() {
      await stop();
      await startService();
    },
    stopService: () => stop(),
    startService,
    async close() {
      await stop();
      await sql.end();
      await provider.close();
      await database.drop();
    },
  };
}

export type ProviderStub = {
  url: string;
  /** What a Cloud API number, or a WasenderApi key, answers from now on; `after` holds the answer back. */
  answers: Map<string, { status: number; body: unknown; after?: Promise<void> }>;
  /** Paths asked for. */
  asked: string[];
  close(): Promise<void>;
};

async function startProviderStub(): Promise<ProviderStub> {
  const answers: ProviderStub["answers"] = new Map();
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const path = request.url!.split("?")[0]!;
    asked.push(path);
    const key = request.headers.authorization?.replace("Bearer ", "") ?? "";
    const name = path.startsWith("/wasender") ? key : path.split("/").at(-1)!;
    const found: { status: number; body: unknown; after?: Promise<void> } = answers.get(name) ?? {
      status: 200,
      body: path.startsWith("/wasender")
        ? { status: "connected" }
        : { id: name, status: "CONNECTED", name_status: "APPROVED", code_verification_status: "VERIFIED" },
    };
    await found.after;
    response.writeHead(found.status, { "content-type": "application/json" }).end(JSON.stringify(found.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type Seen<Record_> = { key: string; record: Record_; offset: string; partition: number; atMs: number };

/** Every record of a topic from its beginning, as it comes. */
export async function watch<Record_>(
  world: World,
  topic: Topic<Record_>,
): Promise<{ seen: Seen<Record_>[]; table: Table }> {
  const seen: Seen<Record_>[] = [];
  const table = await world.kafka.table({
    topic,
    codec: world.codec,
    apply: (key, record, { offset, partition }) => {
      seen.push({ key, record, offset, partition, atMs: performance.now() });
    },
  });
  await table.ready;
  return { seen, table };
}
