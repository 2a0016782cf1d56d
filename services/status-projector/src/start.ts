/** The service put together: what main.ts runs. */
import { randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import { openDirectory } from "@wamesh/directory";
import { checkRegistry, createCodec, topics } from "@wamesh/events";
import { listen } from "@wamesh/http";
import { type Log as KafkaLog, openKafka } from "@wamesh/kafka";
import { observe, watchDependency } from "@wamesh/metrics";
import {
  kafkaConnection,
  type Log,
  postgresConnection,
  type RunningService,
  registryConnection,
  type Settings,
} from "@wamesh/service";
import { checkRelease, connect, watchPostgres } from "@wamesh/store";
import { keyVerifier, sealedSession } from "@wamesh/vault";
import { watchArrivals } from "./arrivals.ts";
import type { settings } from "./config.ts";
import { createAttempts } from "./console/attempts.ts";
import { signInAudit } from "./console/audit.ts";
import { createStaticFiles } from "./console/static-files.ts";
import { openDispatchStates } from "./dispatch-states.ts";
import { foldedTopics, groupOf, startFold } from "./fold.ts";
import { createQueryApi } from "./query.ts";
import { startRetentionJob } from "./retention/job.ts";
import { forgetChanges } from "./stream/changes.ts";
import { createCounterReads } from "./stream/counter-reads.ts";
import { createHub } from "./stream/hub.ts";
import { streamMetrics } from "./stream/stream-metrics.ts";
import { streamTokens } from "./stream/stream-token.ts";
import { serveTenantSeries } from "./tenant-series/collect.ts";
import { startUsageJob } from "./usage/job.ts";

export type Process = {
  settings: Settings<typeof settings>;
  instanceId: string;
  version: string;
  log: Log;
  fatal(error: unknown): void;
  onStop(close: () => Promise<unknown> | unknown): void;
};

/** A revoked key must not live on in a process that no longer hears of revocations. */
const staleMs = 30_000;
const forgetEveryMs = 60_000;

export async function startProjector(process: Process): Promise<RunningService> {
  const { settings, instanceId, version, log, fatal, onStop } = process;
  const { roles, schema } = settings;
  const sql = connect({
    ...postgresConnection(settings),
    schema,
    max: settings.postgresConnections,
    applicationName: `status-projector ${instanceId}`,
  });
  onStop(() => sql.end({ timeout: 5 }));
  await checkRelease(sql, { schema, log: (line) => log.warn(line) });
  const watched = [
    watchPostgres(sql),
    watchDependency("registry", (signal) => checkRegistry(registryConnection(settings), signal)),
  ];
  onStop(() => watched.forEach((one) => void one.stop()));
  const codec = await createCodec({
    ...registryConnection(settings),
    topics: [...foldedTopics, topics.tenantConfig, topics.dispatchState, topics.usage],
  });
  const kafkaLog: KafkaLog = (level, message, facts) => log[level](facts ?? {}, message);
  const kafka = openKafka({
    ...kafkaConnection(settings),
    clientId: `status-projector-${instanceId}`,
    clientIdIsUnique: true,
    log: kafkaLog,
  });
  await kafka.checkAccess(roles.join() === "query" ? "status-projector-query" : "status-projector");
  const directory = await openDirectory({ kafka, codec });
  onStop(() => directory.stop());
  const fold = roles.includes("fold")
    ? startFold({
        sql,
        kafka,
        codec,
        log,
        group: groupOf(schema),
        fatal,
      })
    : null;
  if (fold !== null) onStop(() => fold.stop());
  if (fold !== null) {
    const forgetting = setInterval(() => {
      forgetChanges(sql).catch((error) => log.warn({ err: error }, "can't forget old changes"));
    }, forgetEveryMs);
    onStop(() => clearInterval(forgetting));
    // How long a tenant keeps its messages must be known before any are removed.
    await directory.ready;
    const retention = startRetentionJob({
      sql,
      askedDays: (tenant) => directory.tenant(tenant)?.record?.settings.retention_days,
      mostDays: settings.messageDays,
      owner: instanceId,
      now: Date.now,
      log,
    });
    onStop(() => retention.stop());
  }
  if (roles.includes("usage")) await startUsage();
  const query = roles.includes("query") ? await startQuery() : null;

  async function startUsage() {
    const producer = kafka.producer();
    onStop(() => producer.close());
    const partitions = await kafka.partitions(topics.usage.name);
    const job = await startUsageJob({
      sql,
      codec,
      producer,
      partitions,
      owner: instanceId,
      now: Date.now,
      log,
    });
    onStop(() => job.stop());
  }

  async function startQuery() {
    const dispatch = await openDispatchStates({ kafka, codec });
    onStop(() => dispatch.stop());
    // Before it is ready, every key would be unknown.
    await Promise.all([directory.ready, dispatch.ready]);
    const arrivals = watchArrivals(sql);
    const producer = kafka.producer();
    onStop(() => producer.close());
    onStop(observe((say) => say("projector_waiting_requests", arrivals.waiting())));
    const hub = createHub({
      sql,
      counters: createCounterReads({
        sql,
        isOperator: (tenant) => directory.tenant(tenant)?.isOperator ?? false,
        elapsedMs: () => performance.now(),
      }),
      limits: { perTenant: settings.streamsPerTenant, all: settings.streams },
      metrics: streamMetrics(() => hub.count()),
      onError: (error) => log.warn({ err: error }, "the streams can't see what changes"),
    });
    const api = createQueryApi({
      sql,
      arrivals,
      dispatch,
      hub,
      tokens: streamTokens(settings.keyPeppers),
      console: {
        people: directory,
        sessions: sealedSession(settings.keyPeppers),
        attempts: createAttempts(),
        audit: signInAudit({
          codec,
          producer,
          partitions: await kafka.partitions(topics.audit.name),
          newId: randomUUID,
          now: Date.now,
          onLost: (error, facts) => log.error({ err: error, ...facts }, "not in the audit log"),
        }),
        files: createStaticFiles(resolve(join(import.meta.dirname, ".."), settings.consoleDir)),
      },
      family: directory,
      version,
      log,
      now: Date.now,
      auth: { directory, ...keyVerifier(settings.keyPeppers) },
    });
    const tenantSeries = serveTenantSeries({
      sql,
      dispatch,
      owner: instanceId,
      most: settings.tenantSeriesMax,
      now: Date.now,
      log,
    });
    onStop(() => tenantSeries.stop());
    const server = await listen(api.app, { host: settings.httpHost, port: settings.httpPort });
    return { arrivals, hub, server };
  }

  return {
    ready: () => {
      if (query !== null && directory.freshMs() > staleMs) return "the table of keys can't be refreshed";
      return fold?.obstacle() ?? null;
    },
    alive: () => fold?.stuck() ?? null,
    stop: async () => {
      query?.arrivals.stop();
      await query?.hub.stop();
      await query?.server.close();
    },
    ...(query !== null && { http: { url: query.server.url } }),
  };
}
