/** What the parts measure with: real servers, the webhook-router and the projector as processes, sessions, messages that left. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type Codec, createCodec, derivedUuid, eventHeaders, topics } from "@wamesh/events";
import { type Kafka, openKafka, type Producer } from "@wamesh/kafka";
import { freePort, type Stack, superviseProcess } from "@wamesh/local";
import { startStack, wipeDataDir } from "@wamesh/local/stack";
import { messageStatus, outgoing } from "@wamesh/testing";
import postgres from "postgres";
import { deployAll } from "../../../deploy/deploy.ts";
import { type Actor, type Cast, createCast } from "../dispatch/cast.ts";
import { newDataDir, repository } from "../place.ts";
import { type ServiceProcess, startService } from "../service-process.ts";
import type { Sizes } from "./figures.ts";
import { type App, providerIdOf } from "./posts.ts";

/** One message that left, and the number it left from. */
export type Sent = { messageId: string; actor: Actor };

export type Rig = {
  log: (line: string) => void;
  sizes: Sizes;
  app: App;
  cast: Cast;
  /** As an operator sees the database. */
  sql: postgres.Sql;
  /** Takes callbacks in and does nothing else. It has the same address after a restart. */
  receiver(): Promise<ServiceProcess>;
  /** Understands callbacks, and folds what they say into the read model. */
  readers(): Promise<{ stop(): Promise<void> }>;
  bare(): Promise<{ url: string; stop(): Promise<void> }>;
  /** Says of so many messages, as the dispatcher does, that they left. Each has the same times in every set. */
  messages(actors: readonly Actor[], count: number): Promise<Sent[]>;
  stop(): Promise<void>;
};

/** Of the first message of a set, epoch ms. */
export const firstSentAt = Date.UTC(2026, 0, 1);

export async function startRig(options: { log: (line: string) => void; sizes: Sizes }): Promise<Rig> {
  const { log, sizes } = options;
  const dataDir = newDataDir();
  const closers: (() => Promise<unknown> | unknown)[] = [];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const stack: Stack = await startStack({ dataDir, log });
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
    const kafka: Kafka = openKafka({ brokers: kafkaBrokers, clientId: "bench", log: () => {} });
    const codec: Codec = await createCodec({ registryUrl });
    const producer: Producer = kafka.producer();
    closers.push(() => producer.close());
    const partitions = await kafka.partitions(topics.messageStatus.name);
    const sql = postgres(postgresUrl, { max: 1, onnotice: () => {} });
    closers.push(() => sql.end({ timeout: 2 }));

    const app: App = { id: "401", secret: randomBytes(16).toString("hex"), verifyToken: "bench" };
    const shared = {
      WAMESH_KAFKA_BROKERS: kafkaBrokers,
      WAMESH_REGISTRY_URL: registryUrl,
      WAMESH_KEY_PEPPERS: `bench:${"0".repeat(32)}`,
      WAMESH_CALLBACK_PEPPERS: `bench:${"0".repeat(32)}`,
      WAMESH_META_APPS: `${app.id}:${app.secret}:${app.verifyToken}`,
      WAMESH_ENDPOINT_KEYS: `bench:${randomBytes(32).toString("base64")}`,
    };
    const router = { ...shared, WAMESH_POSTGRES_URL: databases["webhook-router"] };
    const start = async (service: string, name: string, settings: Record<string, string>) => {
      const running = await startService({ service, name, dataDir, settings });
      closers.push(() => running.stop());
      return running;
    };

    return {
      log,
      sizes,
      app,
      cast: createCast({ producer, codec, partitions }),
      sql,
      receiver: async () =>
        start("webhook-router", "receiver", {
          ...router,
          WAMESH_ROLES: "receiver",
          WAMESH_HTTP_PORT: String(await freePort()),
        }),
      async readers() {
        const both = await Promise.all([
          start("webhook-router", "worker", { ...router, WAMESH_ROLES: "worker" }),
          start("status-projector", "projector", {
            ...shared,
            WAMESH_POSTGRES_URL: databases["status-projector"],
          }),
        ]);
        return { stop: async () => void (await Promise.all(both.map((one) => one.stop()))) };
      },
      async bare() {
        const port = await freePort();
        const url = `http://127.0.0.1:${port}`;
        const running = await superviseProcess({
          name: "bare",
          command: [process.execPath, join(repository, "bench/src/callbacks/bare.ts")],
          env: { ...process.env, BARE_SECRET: app.secret, BARE_PORT: String(port) },
          logFile: join(dataDir, "bare.log"),
          ready: async () => (await fetch(url)).status === 404,
        });
        closers.push(() => running.stop());
        return { url, stop: () => running.stop() };
      },
      async messages(actors, count) {
        const set = randomBytes(6).toString("hex");
        const sent = Array.from({ length: count }, (_, i) => ({
          messageId: derivedUuid("bench", set, i),
          actor: actors[i % actors.length]!,
        }));
        const records = sent.map(({ messageId, actor }, i) => {
          const at = firstSentAt + i * 1000;
          const status = messageStatus({
            message_id: messageId,
            tenant: actor.tenant,
            session: actor.session,
            account: actor.account,
            provider_id: providerIdOf(messageId),
            queued_at: at,
            claimed_at: at,
            sent_at: at,
            occurred_at: at,
            recorded_at: at,
          });
          const value = codec.encode(topics.messageStatus, status);
          const headers = eventHeaders({
            id: status.event_id,
            type: "wamesh.message.sent",
            source: "/wamesh/dispatcher",
            timeMs: at,
            tenant: actor.tenant,
            status: "sent",
          });
          return { ...outgoing(topics.messageStatus, value, { tenant: actor.tenant, partitions }), headers };
        });
        for (let at = 0; at < records.length; at += 1000) await producer.send(records.slice(at, at + 1000));
        return sent;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
