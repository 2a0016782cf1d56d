/** What the parts measure with: real servers, the dispatcher as a process of its own, sessions, and a provider's stub. */

import { randomBytes } from "node:crypto";
import {
  type Codec,
  content,
  createCodec,
  laneTopics,
  type OutboundMessage,
  timeUuid,
  topics,
} from "@wamesh/events";
import { type Kafka, openKafka, type Producer } from "@wamesh/kafka";
import type { Stack } from "@wamesh/local";
import { startStack, wipeDataDir } from "@wamesh/local/stack";
import { outboundMessage, outgoing } from "@wamesh/testing";
import { cpuUs, rssMb, treeCpuUs } from "@wamesh/testing/outside";
import { registerSchemas } from "../../../deploy/schemas.ts";
import { ensureTopics } from "../../../deploy/topics.ts";
import { newDataDir } from "../place.ts";
import { startService } from "../service-process.ts";
import { type Actor, type Cast, createCast } from "./cast.ts";
import type { Sizes } from "./figures.ts";
import { type ProviderStub, startProviderStub } from "./provider-stub.ts";
import { freshSchedule, type Schedule, textBody } from "./schedule.ts";

export type DispatcherProcess = {
  cpuUs(): number;
  rssMb(): number;
  stop(): Promise<void>;
};

export type Rig = {
  log: (line: string) => void;
  sizes: Sizes;
  postgresUrl: string;
  /** Of the server with all its backends. */
  postgresCpuUs(): number;
  stub: ProviderStub;
  cast: Cast;
  /** Dropped at the end. */
  schedule(): Promise<Schedule>;
  /** The service as it is deployed, with the heap of its image. `provider` is the Cloud API's origin. */
  dispatcher(schedule: Schedule, options?: { provider?: string }): Promise<DispatcherProcess>;
  /** Through the lane's topic, as ingest hands messages over. Returns their ids, in order, when the broker has them. */
  hand(actors: readonly Actor[], lane: OutboundMessage["lane"], ids?: readonly string[]): Promise<string[]>;
  /** The same in two steps: what it returns hands over messages that are encoded already. */
  prepared(
    actors: readonly Actor[],
    lane: OutboundMessage["lane"],
    ids?: readonly string[],
  ): () => Promise<void>;
  stop(): Promise<void>;
};

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
    const kafka: Kafka = openKafka({ brokers: kafkaBrokers, clientId: "bench", log: () => {} });
    await ensureTopics({ kafka, profile: "local", replicationFactor: 1, log: () => {} });
    await registerSchemas({ registryUrl, log: () => {} });
    const codec: Codec = await createCodec({ registryUrl });
    const producer: Producer = kafka.producer();
    closers.push(() => producer.close());
    const partitions = await kafka.partitions(topics.messageStatus.name);
    const cast = createCast({ producer, codec, partitions });
    const stub = await startProviderStub();
    closers.push(() => stub.close());

    function prepared(
      actors: readonly Actor[],
      lane: OutboundMessage["lane"],
      ids: readonly string[] = newIds(actors.length),
    ): () => Promise<void> {
      const records = actors.map((actor, i) => {
        const [topic, record] = message(actor, lane, ids[i]!);
        return outgoing(topic, codec.encode(topic, record), { tenant: actor.tenant, partitions });
      });
      return async () => {
        for (let at = 0; at < records.length; at += 1000) await producer.send(records.slice(at, at + 1000));
      };
    }

    return {
      log,
      sizes,
      postgresUrl,
      postgresCpuUs: () => treeCpuUs(stack.pids.postgres),
      stub,
      cast,
      async schedule() {
        const schedule = await freshSchedule(postgresUrl);
        closers.push(() => schedule.drop());
        return schedule;
      },
      async dispatcher(schedule, { provider = stub.url } = {}) {
        const running = await startDispatcher(dataDir, {
          WAMESH_KAFKA_BROKERS: kafkaBrokers,
          WAMESH_REGISTRY_URL: registryUrl,
          WAMESH_POSTGRES_URL: schedule.appUrl,
          WAMESH_CREDENTIAL_KEYS: cast.credentialKeys,
          WAMESH_CLOUD_API_URL: provider,
        });
        closers.push(() => running.stop());
        return running;
      },
      async hand(actors, lane, ids = newIds(actors.length)) {
        await prepared(actors, lane, ids)();
        return [...ids];
      },
      prepared,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function newIds(count: number): string[] {
  return Array.from({ length: count }, () => timeUuid(Date.now(), randomBytes(10)));
}

function message(actor: Actor, lane: OutboundMessage["lane"], id: string) {
  if (lane === "UNKNOWN") throw new Error("a message needs a lane");
  // A person of its own: what waits for another of the same conversation says nothing of the dispatcher.
  const token = randomBytes(16).toString("hex");
  const record = outboundMessage({
    message_id: id,
    tenant: actor.tenant,
    session: actor.session,
    account: actor.account,
    recipient: {
      kind: "phone",
      value: `+1555${String(Number.parseInt(token.slice(0, 6), 16)).padStart(8, "0")}`,
    },
    recipient_token: token,
    lane,
    content: content("text", { text: { body: textBody, preview_url: false } }),
    not_after: Date.now() + (lane === "otp" ? 300_000 : 86_400_000),
    accepted_at: Date.now(),
  });
  return [laneTopics[lane], record] as const;
}

async function startDispatcher(
  dataDir: string,
  settings: Record<string, string>,
): Promise<DispatcherProcess> {
  const running = await startService({
    service: "dispatcher",
    name: "dispatcher",
    dataDir,
    // Its texts go to people who never wrote, and its provider does not mind.
    settings: { ...settings, WAMESH_WINDOW_GATE: "off" },
  });
  const pid = running.pid()!;
  return { cpuUs: () => cpuUs(pid), rssMb: () => rssMb(pid), stop: () => running.stop() };
}
