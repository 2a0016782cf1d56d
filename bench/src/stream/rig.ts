/** What the bench measures with: real servers, the projector as a process of its own with both its roles, tenants with keys. */
import { randomBytes } from "node:crypto";
import { type Codec, compactedKey, createCodec, topics } from "@wamesh/events";
import { openKafka, type Producer } from "@wamesh/kafka";
import { startStack, wipeDataDir } from "@wamesh/local/stack";
import { migrate } from "@wamesh/store";
import { keyConfig, outgoing, until } from "@wamesh/testing";
import { rssMb } from "@wamesh/testing/outside";
import { hashSecret } from "@wamesh/vault";
import postgres from "postgres";
import { serviceSchemas } from "../../../deploy/migrate.ts";
import { registerSchemas } from "../../../deploy/schemas.ts";
import { ensureTopics } from "../../../deploy/topics.ts";
import { type Actor, createCast } from "../dispatch/cast.ts";
import { patience } from "../dispatch/patience.ts";
import { newDataDir, repository } from "../place.ts";
import { startService } from "../service-process.ts";
import type { Sizes } from "./figures.ts";

export type Rig = {
  log: (line: string) => void;
  sizes: Sizes;
  producer: Producer;
  codec: Codec;
  partitions: number;
  /** Of the projector's API. */
  url: string;
  /** One session per tenant, and a key that reads. */
  tenants: readonly (Actor & { key: string })[];
  /** Resident memory of the projector. */
  rssMb(): number;
  stop(): Promise<void>;
};

const { schema, dirs } = serviceSchemas["status-projector"];
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
    const { appUrl, drop } = await freshDatabase(stack.postgresUrl);
    closers.push(drop);
    const projector = await startService({
      service: "status-projector",
      name: "status-projector",
      dataDir,
      settings: {
        WAMESH_KAFKA_BROKERS: kafkaBrokers,
        WAMESH_REGISTRY_URL: registryUrl,
        WAMESH_POSTGRES_URL: appUrl,
        WAMESH_KEY_PEPPERS: `${pepper.id}:${pepper.secret}`,
      },
    });
    closers.push(() => projector.stop());
    const pid = projector.pid();
    const url = projector.url()!;
    const { tenants: count } = sizes;
    const actors = await cast.sessions({ name: "stream", count, tenants: count, ratePerS: 1_000 });
    const tenants = await Promise.all(
      actors.map(async (actor) => {
        const key = await newKey(actor.tenant);
        await until(async () => (await fetch(`${url}/v1/status/counters`, authorized(key))).ok, patience);
        return { ...actor, key };
      }),
    );

    /** As session-manager would publish it. */
    async function newKey(tenant: string): Promise<string> {
      const [id, secret] = [randomBytes(6).toString("hex"), randomBytes(32).toString("hex")];
      const facts = { secret_hashes: hashSecret([pepper], secret), scopes: ["status:read"] };
      const value = codec.encode(topics.tenantConfig, keyConfig({ tenant, id, key_record: facts }));
      const key = compactedKey(tenant, "key", id);
      await producer.send([outgoing(topics.tenantConfig, value, { tenant, partitions, key })]);
      return `wam_${id}_${secret}`;
    }

    return { log, sizes, producer, codec, partitions, url, tenants, rssMb: () => rssMb(pid), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export function authorized(key: string): { headers: { authorization: string } } {
  return { headers: { authorization: `Bearer ${key}` } };
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
