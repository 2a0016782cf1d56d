/** The service put together: what main.ts runs, and what the integration tests run against real servers. */
import { openDirectory } from "@wamesh/directory";
import { checkRegistry, createCodec } from "@wamesh/events";
import { createApi, listen, type Problem, problem } from "@wamesh/http";
import { BrokerUnavailable, openKafka } from "@wamesh/kafka";
import { watchDependency } from "@wamesh/metrics";
import {
  kafkaConnection,
  type Log,
  type RunningService,
  registryConnection,
  type Settings,
} from "@wamesh/service";
import { isStoreUnavailable } from "@wamesh/store";
import { keyVerifier } from "@wamesh/vault";
import type { settings } from "./config.ts";
import { createMetrics } from "./metrics.ts";
import { createOwners } from "./owners.ts";
import { receiverRoutes } from "./receiver/routes/all.ts";
import { createRecords, received, written } from "./records.ts";
import { startWorker } from "./worker/start.ts";

export type Process = {
  settings: Settings<typeof settings>;
  instanceId: string;
  version: string;
  log: Log;
  fatal(error: unknown): void;
  onStop(close: () => Promise<unknown> | unknown): void;
  /** Beginning of the Kafka groups' names; tests that share a broker have their own. */
  groups?: string;
};

/** A provider waits about ten seconds for its 200; a broker outage must be answered before. */
const receiverDeadlineMs = 4_000;
const staleMs = 30_000;

export async function startWebhookRouter(process: Process): Promise<RunningService> {
  const { settings, instanceId, log, fatal, onStop } = process;
  const isReceiver = settings.roles.includes("receiver");
  const isWorker = settings.roles.includes("worker");

  const kafka = openKafka({
    ...kafkaConnection(settings),
    clientId: instanceId,
    clientIdIsUnique: true,
    log: (level, message, facts) => log[level](facts ?? {}, message),
  });
  await kafka.checkAccess(isWorker ? "webhook-router" : "webhook-router-receiver");
  const produced = isWorker ? written : received;
  const [codec, ...counts] = await Promise.all([
    createCodec(registryConnection(settings)),
    ...produced.map((topic) => kafka.partitions(topic.name)),
  ]);
  const partitions = new Map<string, number>(produced.map((topic, index) => [topic.name, counts[index]!]));
  const directory = await openDirectory({ kafka, codec });
  onStop(() => directory.stop());
  // Before it is ready, every callback would be nobody's and every key unknown.
  await directory.ready;

  const registry = watchDependency("registry", (signal) =>
    checkRegistry(registryConnection(settings), signal),
  );
  onStop(() => registry.stop());
  const metrics = createMetrics();
  const owners = createOwners(directory);
  const records = createRecords({
    codec,
    partitions: (topic) => partitions.get(topic)!,
    isLarge: (tenant) => directory.tenant(tenant)?.record?.large ?? false,
  });

  const api = createApi({
    service: "webhook-router",
    version: process.version,
    auth: { directory, ...keyVerifier(settings.keyPeppers) },
    log,
    problemOf: outageProblem,
  });
  const worker = isWorker
    ? await startWorker({
        settings,
        instanceId,
        kafka,
        codec,
        directory,
        owners,
        records,
        metrics,
        log,
        fatal,
        onStop,
        groups: process.groups ?? "wamesh-router",
      })
    : null;
  if (worker !== null) api.add(...worker.routes);
  if (isReceiver) {
    const producer = kafka.producer({ deadlineMs: receiverDeadlineMs });
    onStop(() => producer.close());
    api.add(...receiverRoutes({ settings, directory, owners, records, producer, metrics }));
  }
  const http = await listen(api.app, { host: settings.httpHost, port: settings.httpPort });

  return {
    http: { url: http.url },
    ready: () =>
      directory.freshMs() > staleMs
        ? "the tables of tenants and sessions can't be refreshed"
        : (worker?.ready() ?? null),
    alive: () => worker?.alive() ?? null,
    stop: () => http.close(),
  };
}

/** Failures of what stands below; null when it is a mistake of ours. */
function outageProblem(error: unknown): Problem | null {
  if (error instanceof BrokerUnavailable)
    return problem("broker_unavailable", { retryAfterS: error.retryAfterMs / 1000 }, { cause: error });
  if (isStoreUnavailable(error)) return problem("store_unavailable", { retryAfterS: 2 }, { cause: error });
  return null;
}
