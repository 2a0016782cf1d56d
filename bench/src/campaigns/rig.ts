/** What the parts measure with: real servers, ingest as a process of its own, and one tenant with a session. */
import { randomBytes } from "node:crypto";
import { compactedKey, createCodec, derivedUuid, topics } from "@wamesh/events";
import { openKafka } from "@wamesh/kafka";
import { startStack, wipeDataDir } from "@wamesh/local/stack";
import { migrate } from "@wamesh/store";
import { keyConfig, messageStatus, outgoing, until } from "@wamesh/testing";
import { cpuUs, rssMb } from "@wamesh/testing/outside";
import { hashSecret } from "@wamesh/vault";
import postgres from "postgres";
import { Agent, fetch } from "undici";
import { serviceSchemas } from "../../../deploy/migrate.ts";
import { registerSchemas } from "../../../deploy/schemas.ts";
import { ensureTopics } from "../../../deploy/topics.ts";
import { createCast } from "../dispatch/cast.ts";
import { newDataDir, repository } from "../place.ts";
import { startService } from "../service-process.ts";
import type { Sizes } from "./figures.ts";

export type Rig = {
  log: (line: string) => void;
  sizes: Sizes;
  /** A new list of so many people, from a file with lines of so many bytes. */
  upload(people: number, lineBytes: number): Promise<string>;
  /** A campaign with this list, started; resolves when all its messages are made. */
  expanded(audience: string): Promise<string>;
  /** Tells of the first `count` people of the campaign that their message was sent; resolves when the campaign has completed. */
  ended(campaign: string, count: number): Promise<void>;
  cpuUs(): number;
  /** Runs `work`, and tells by how much ingest's memory rose above what it had before. */
  rssGrowthMb(work: () => Promise<unknown>): Promise<number>;
  stop(): Promise<void>;
};

const { schema, dirs } = serviceSchemas.ingest;
const pepper = { id: "bench", secret: "0".repeat(32) };
/** Of which the simplest template has one. */
const message = { text: { body: "Hello {{name}}", variables: { name: { column: "name" } } } };

/** A large file on a slow machine takes longer than fetch would wait for its answer. */
const patient = new Agent({ headersTimeout: 0, bodyTimeout: 0 });

const personOf = (n: number) => `+1555${2_000_000 + n}`;

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
    const producer = kafka.producer({ deadlineMs: 60_000 });
    closers.push(() => producer.close());
    const partitions = await kafka.partitions(topics.tenantConfig.name);
    const cast = createCast({ producer, codec, partitions });
    const [actor] = await cast.sessions({ name: "campaigns", count: 1, tenants: 1, ratePerS: 1000 });
    const { tenant, session } = actor!;

    const id = randomBytes(6).toString("hex");
    const secret = randomBytes(32).toString("hex");
    const record = keyConfig({
      tenant,
      id,
      key_record: { secret_hashes: hashSecret([pepper], secret), scopes: ["campaigns:write"] },
    });
    const key = compactedKey(tenant, "key", id);
    await producer.send([
      outgoing(topics.tenantConfig, codec.encode(topics.tenantConfig, record), { tenant, partitions, key }),
    ]);

    const { appUrl, drop } = await freshDatabase(stack.postgresUrl);
    closers.push(drop);
    const ingest = await startService({
      service: "ingest",
      name: "ingest",
      dataDir,
      settings: {
        WAMESH_KAFKA_BROKERS: kafkaBrokers,
        WAMESH_REGISTRY_URL: registryUrl,
        WAMESH_POSTGRES_URL: appUrl,
        WAMESH_REDIS_URL: stack.redisUrl,
        WAMESH_KEY_PEPPERS: `${pepper.id}:${pepper.secret}`,
      },
    });
    closers.push(() => ingest.stop());
    const pid = ingest.pid();

    async function api<Body>(method: string, path: string, body?: object | ReadableStream): Promise<Body> {
      const isFile = body instanceof ReadableStream;
      const answer = await fetch(`${ingest.url()}${path}`, {
        method,
        headers: {
          authorization: `Bearer wam_${id}_${secret}`,
          ...(body !== undefined && { "content-type": isFile ? "text/csv" : "application/json" }),
        },
        ...(body !== undefined && { body: isFile ? body : JSON.stringify(body) }),
        ...(isFile && { duplex: "half" as const }),
        dispatcher: patient,
      });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as Body;
    }
    const reaches = (campaign: string, state: string) =>
      until(async () => (await api<{ state: string }>("GET", `/v1/campaigns/${campaign}`)).state === state, {
        withinMs: 900_000,
        // Asking is not what is measured.
        everyMs: 200,
      });

    return {
      log,
      sizes,
      async upload(people, lineBytes) {
        const made = await api<{ audience_id: string }>("POST", "/v1/audiences", {});
        await api("PUT", `/v1/audiences/${made.audience_id}/csv`, fileOf(people, lineBytes));
        return made.audience_id;
      },
      async expanded(audience_id) {
        const asked = { name: "bench", audience_id, session_id: session, ...message };
        const { campaign_id } = await api<{ campaign_id: string }>("POST", "/v1/campaigns", asked);
        await api("POST", `/v1/campaigns/${campaign_id}/start`, {});
        await reaches(campaign_id, "processing");
        return campaign_id;
      },
      async ended(campaign, count) {
        const statusOf = (n: number) => {
          const message_id = derivedUuid("campaign", campaign, 1, `phone ${personOf(n)}`);
          const status = messageStatus({ tenant, session, campaign, message_id, lane: "bulk" });
          const value = codec.encode(topics.messageStatus, status);
          return {
            ...outgoing(topics.messageStatus, value, { tenant, partitions }),
            headers: { tenant, status: "sent" },
          };
        };
        for (let from = 0; from < count; from += 1_000)
          await producer.send(
            Array.from({ length: Math.min(1_000, count - from) }, (_, n) => statusOf(from + n)),
          );
        await reaches(campaign, "completed");
      },
      cpuUs: () => cpuUs(pid),
      async rssGrowthMb(work) {
        const before = rssMb(pid);
        let most = before;
        const sampler = setInterval(() => {
          most = Math.max(most, rssMb(pid));
        }, 200);
        try {
          await work();
        } finally {
          clearInterval(sampler);
        }
        return Math.max(most, rssMb(pid)) - before;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Made line by line, as it is taken. */
function fileOf(people: number, lineBytes: number): ReadableStream<Uint8Array> {
  const utf8 = new TextEncoder();
  const linesAtOnce = 500;
  let n = 0;
  return new ReadableStream<Uint8Array>({
    pull(control) {
      if (n >= people) return control.close();
      const lines = n === 0 ? ["to,name,note"] : [];
      for (const end = Math.min(people, n + linesAtOnce); n < end; n++)
        lines.push(`${personOf(n)},Name ${n},`.padEnd(lineBytes - 1, "x"));
      control.enqueue(utf8.encode(`${lines.join("\n")}\n`));
    },
  });
}

async function freshDatabase(postgresUrl: string): Promise<{ appUrl: string; drop(): Promise<void> }> {
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
  return {
    appUrl,
    async drop() {
      await admin`drop database if exists ${admin(name)} with (force)`;
      await admin.end();
    },
  };
}
