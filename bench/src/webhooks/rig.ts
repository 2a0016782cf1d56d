/** What the parts measure with: real servers, the worker as a process of its own, tenants with endpoints, and their receiver. */
import { randomBytes } from "node:crypto";
import { type Codec, compactedKey, createCodec, eventHeaders, timeUuid, topics } from "@wamesh/events";
import { type OutgoingRecord, openKafka } from "@wamesh/kafka";
import { startStack, wipeDataDir } from "@wamesh/local/stack";
import { migrate } from "@wamesh/store";
import { keyConfig, messageStatus, outgoing, until } from "@wamesh/testing";
import { cpuUs, treeCpuUs } from "@wamesh/testing/outside";
import { hashSecret } from "@wamesh/vault";
import postgres, { type Sql } from "postgres";
import { serviceSchemas } from "../../../deploy/migrate.ts";
import { registerSchemas } from "../../../deploy/schemas.ts";
import { ensureTopics } from "../../../deploy/topics.ts";
import { type Actor, createCast } from "../dispatch/cast.ts";
import { patience } from "../dispatch/patience.ts";
import { newDataDir, repository } from "../place.ts";
import { startService } from "../service-process.ts";
import type { Sizes } from "./figures.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

/** An endpoint that gets what happens to the messages of one session, and nothing else. */
export type Listener = { actor: Actor; endpoint: string };

export type Rig = {
  log: (line: string) => void;
  sizes: Sizes;
  receiver: Receiver;
  /** Over ten tenants in turn, each with a session of its own; what `urlOf` says of the n-th. */
  listeners(count: number, urlOf: (n: number) => string | Promise<string>): Promise<Listener[]>;
  setStatus(listener: Listener, status: "active" | "disabled"): Promise<void>;
  /** Encodes one receipt for each listener in turn; what it returns hands them to Kafka in parts of `atOnce`. */
  prepared(
    of: readonly Listener[],
    count: number,
  ): { ids: string[]; hand(from: number, to: number): Promise<void> };
  /** Resolves when no delivery to these waits. */
  settled(of: readonly Listener[]): Promise<unknown>;
  /** Drops what waits for these. */
  forget(of: readonly Listener[]): Promise<void>;
  /** Room to fill again and log files that are there: see the dispatch bench. */
  broughtIntoUse(): Promise<void>;
  cpuUs(): { worker: number; postgres: number };
  stop(): Promise<void>;
};

const { schema, dirs } = serviceSchemas["webhook-router"];
const pepper = { id: "bench", secret: "0".repeat(32) };

export async function startRig(options: { log: (line: string) => void; sizes: Sizes }): Promise<Rig> {
  const { log, sizes } = options;
  const dataDir = newDataDir();
  const closers: (() => Promise<unknown> | unknown)[] = [];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const stack = await startStack({ dataDir, log });
    if (stack.source === "embedded") closers.push(() => wipeDataDir(dataDir));
    closers.push(() => stack.stop());
    const { kafkaBrokers, registryUrl } = stack;
    const kafka = openKafka({ brokers: kafkaBrokers, clientId: "bench", log: () => {} });
    await ensureTopics({ kafka, profile: "local", replicationFactor: 1, log: () => {} });
    await registerSchemas({ registryUrl, log: () => {} });
    const codec = await createCodec({ registryUrl });
    const producer = kafka.producer();
    closers.push(() => producer.close());
    const partitions = await kafka.partitions(topics.messageStatus.name);
    const cast = createCast({ producer, codec, partitions });

    const { sql, appUrl, drop } = await freshDatabase(stack.postgresUrl);
    closers.push(drop);
    const receiver = await startReceiver();
    closers.push(() => receiver.close());
    const worker = await startWorker(dataDir, {
      WAMESH_KAFKA_BROKERS: kafkaBrokers,
      WAMESH_REGISTRY_URL: registryUrl,
      WAMESH_POSTGRES_URL: appUrl,
    });
    closers.push(() => worker.stop());
    const keys = new Map<string, string>();

    /** A key of the tenant's own, as session-manager would publish it. */
    async function keyOf(tenant: string): Promise<string> {
      const known = keys.get(tenant);
      if (known !== undefined) return known;
      const id = randomBytes(6).toString("hex");
      const secret = randomBytes(32).toString("hex");
      const record = keyConfig({
        tenant,
        id,
        key_record: { secret_hashes: hashSecret([pepper], secret), scopes: ["endpoints:write"] },
      });
      const key = compactedKey(tenant, "key", id);
      await producer.send([
        outgoing(topics.tenantConfig, codec.encode(topics.tenantConfig, record), { tenant, partitions, key }),
      ]);
      keys.set(tenant, `wam_${id}_${secret}`);
      return keys.get(tenant)!;
    }

    async function api<Body>(tenant: string, method: string, path: string, body: object): Promise<Body> {
      const answer = await fetch(`${worker.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${await keyOf(tenant)}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as Body;
    }

    return {
      log,
      sizes,
      receiver,
      async listeners(count, urlOf) {
        const actors = await cast.sessions({ name: "hooks", count, tenants: 10, ratePerS: 1000 });
        return Promise.all(
          actors.map(async (actor, n) => {
            const body = { url: await urlOf(n), events: ["message.delivered"], sessions: [actor.session] };
            // Its key and its session are on the way to the worker.
            const { id } = await until(
              () => api<{ id: string }>(actor.tenant, "POST", "/v1/endpoints", body),
              patience,
            );
            return { actor, endpoint: id };
          }),
        );
      },
      async setStatus({ actor, endpoint }, status) {
        await api(actor.tenant, "PATCH", `/v1/endpoints/${endpoint}`, { status });
      },
      prepared(of, count) {
        const made = Array.from({ length: count }, (_, n) =>
          receipt(codec, of[n % of.length]!.actor, partitions),
        );
        return {
          ids: made.map(({ id }) => id),
          hand: (from, to) => producer.send(made.slice(from, to).map(({ record }) => record)),
        };
      },
      settled: (of) =>
        until(async () => {
          const ids = of.map(({ endpoint }) => endpoint);
          const [row] = await sql<{ open: boolean }[]>`
            select exists (select from delivery where endpoint = any(${ids}) and state = 'waiting') as open`;
          return !row!.open;
        }, patience),
      async forget(of) {
        const ids = of.map(({ endpoint }) => endpoint);
        await sql`delete from delivery where endpoint = any(${ids}) and state = 'waiting'`;
      },
      async broughtIntoUse() {
        await sql`vacuum (analyze) delivery`;
        await sql`checkpoint`;
      },
      cpuUs: () => ({ worker: worker.cpuUs(), postgres: treeCpuUs(stack.pids.postgres) }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A provider's receipt, as the worker itself publishes it once it has understood the callback. */
function receipt(codec: Codec, actor: Actor, partitions: number): { id: string; record: OutgoingRecord } {
  const { tenant, session, account } = actor;
  const id = timeUuid(Date.now(), randomBytes(10));
  const now = Date.now();
  const status = messageStatus({
    message_id: id,
    tenant,
    session,
    account,
    status: "delivered",
    origin: "provider",
    occurred_at: now,
    recorded_at: now,
  });
  const headers = eventHeaders({
    id: status.event_id,
    type: "wamesh.message.delivered",
    source: "/wamesh/webhook-router",
    timeMs: now,
    tenant,
    status: status.status,
  });
  const value = codec.encode(topics.messageStatus, status);
  return { id, record: { ...outgoing(topics.messageStatus, value, { tenant, partitions }), headers } };
}

async function freshDatabase(
  postgresUrl: string,
): Promise<{ sql: Sql; appUrl: string; drop(): Promise<void> }> {
  const name = `bench_${randomBytes(5).toString("hex")}`;
  const admin = postgres(postgresUrl, { max: 1, onnotice: () => {} });
  await admin`create database ${admin(name)}`;
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  const { appUrl } = await migrate({
    url: url.href,
    schema,
    dirs: dirs.map((dir) => `${repository}${dir}`),
    appPassword: "bench",
    log: () => {},
  });
  const sql = postgres(url.href, { max: 2, onnotice: () => {}, connection: { search_path: schema } });
  return {
    sql,
    appUrl,
    async drop() {
      await sql.end({ timeout: 2 });
      await admin`drop database if exists ${admin(name)} with (force)`;
      await admin.end();
    },
  };
}

async function startWorker(dataDir: string, settings: Record<string, string>) {
  const running = await startService({
    service: "webhook-router",
    name: "webhook-router",
    dataDir,
    settings: {
      ...settings,
      WAMESH_ROLES: "worker",
      WAMESH_KEY_PEPPERS: `${pepper.id}:${pepper.secret}`,
      WAMESH_CALLBACK_PEPPERS: `bench:${"0".repeat(32)}`,
      WAMESH_ENDPOINT_KEYS: `bench:${randomBytes(32).toString("base64")}`,
      WAMESH_WEBHOOK_ALLOW: "127.0.0.1/32:*",
    },
  });
  const pid = running.pid();
  return { url: running.url(), cpuUs: () => cpuUs(pid), stop: () => running.stop() };
}
