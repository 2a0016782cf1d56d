/** What the parts measure with: real servers, the projector as a process of its own, and what the topics would tell it. */
import { randomBytes } from "node:crypto";
import { type Codec, compactedKey, createCodec, topics } from "@wamesh/events";
import { type OutgoingRecord, openKafka } from "@wamesh/kafka";
import { startStack, wipeDataDir } from "@wamesh/local/stack";
import { keyConfig, lifeOf, outgoing, tenantConfig } from "@wamesh/testing";
import { cpuUs, treeCpuUs } from "@wamesh/testing/outside";
import { hashSecret } from "@wamesh/vault";
import postgres, { type Sql } from "postgres";
import { deployAll } from "../../../deploy/deploy.ts";
import { newDataDir } from "../place.ts";
import { startService } from "../service-process.ts";
import type { Sizes } from "./figures.ts";

export type Projector = { url: string; cpuUs(): number; stop(): Promise<void> };

export type Rig = {
  log: (line: string) => void;
  sizes: Sizes;
  /** As an operator sees the read model. */
  sql: Sql;
  addresses: { postgresUrl: string; kafkaBrokers: string; registryUrl: string };
  projector(): Promise<Projector>;
  /** Hands the lives of so many new messages to Kafka; returns how many statuses they have. */
  hand(messages: number): Promise<number>;
  /** Records of messages handed over so far, and folded so far. */
  handed(): number;
  folded(): Promise<number>;
  /** A key that may read this tenant's status. */
  keyOf(tenant: string): Promise<string>;
  postgresCpuUs(): number;
  stop(): Promise<void>;
};

const pepper = { id: "bench", secret: "0".repeat(32) };
const tenants = 10;

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
    const { kafkaBrokers, registryUrl, postgresUrl } = stack;
    const databases = await deployAll({
      kafkaBrokers,
      registryUrl,
      postgresUrl,
      appPassword: randomBytes(16).toString("hex"),
      profile: "local",
      log: () => {},
    });
    const kafka = openKafka({ brokers: kafkaBrokers, clientId: "bench", log: () => {} });
    const codec: Codec = await createCodec({ registryUrl });
    const producer = kafka.producer();
    closers.push(() => producer.close());
    const partitions = await kafka.partitions(topics.messageStatus.name);
    const sql = postgres(postgresUrl, {
      max: 2,
      onnotice: () => {},
      connection: { search_path: "projection", "app.tenants": "*" },
    });
    closers.push(() => sql.end({ timeout: 2 }));

    const run = `bench-${randomBytes(3).toString("hex")}`;
    let made = 0;
    let handed = 0;
    const flood = [topics.outboundBulk.name, topics.messageStatus.name];

    return {
      log,
      sizes,
      sql,
      addresses: { postgresUrl, kafkaBrokers, registryUrl },
      async projector() {
        const running = await startService({
          service: "status-projector",
          name: "projector",
          dataDir,
          settings: {
            WAMESH_KAFKA_BROKERS: kafkaBrokers,
            WAMESH_REGISTRY_URL: registryUrl,
            WAMESH_POSTGRES_URL: databases["status-projector"],
            WAMESH_KEY_PEPPERS: `${pepper.id}:${pepper.secret}`,
          },
        });
        closers.push(() => running.stop());
        const pid = running.pid();
        return { url: running.url()!, cpuUs: () => cpuUs(pid), stop: () => running.stop() };
      },
      async hand(messages) {
        let statuses = 0;
        const startMs = Date.now() - 3_600_000;
        for (let from = 0; from < messages; from += 500) {
          const lives = Array.from({ length: Math.min(500, messages - from) }, () =>
            lifeOf(run, made++, { tenants, startMs }),
          );
          const records = lives.flatMap(({ accepted, statuses }): OutgoingRecord[] => [
            outgoing(topics.outboundBulk, codec.encode(topics.outboundBulk, accepted), {
              tenant: accepted.tenant,
              partitions,
            }),
            ...statuses.map((status) =>
              outgoing(topics.messageStatus, codec.encode(topics.messageStatus, status), {
                tenant: status.tenant,
                partitions,
              }),
            ),
          ]);
          await producer.send(records);
          handed += records.length;
          statuses += records.length - lives.length;
        }
        return statuses;
      },
      handed: () => handed,
      async folded() {
        const [row] = await sql<{ folded: number }[]>`
          select coalesce(sum(next_offset), 0)::float8 as folded from stream_cursor where topic = any(${flood})`;
        return row!.folded;
      },
      async keyOf(tenant) {
        const id = randomBytes(6).toString("hex");
        const secret = randomBytes(32).toString("hex");
        const key_record = { secret_hashes: hashSecret([pepper], secret), scopes: ["status:read"] };
        const records = [tenantConfig({ tenant }), keyConfig({ tenant, id, key_record })];
        await producer.send(
          records.map((record) =>
            outgoing(topics.tenantConfig, codec.encode(topics.tenantConfig, record), {
              tenant,
              partitions,
              key: compactedKey(tenant, record.kind, record.id),
            }),
          ),
        );
        return `wam_${id}_${secret}`;
      },
      postgresCpuUs: () => treeCpuUs(stack.pids.postgres),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
