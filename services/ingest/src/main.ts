/** The list: what ingest is made of, started in this order. */
import { randomBytes } from "node:crypto";
import { openConsents, openDirectory } from "@wamesh/directory";
import { checkRegistry, createCodec, derivedUuid, timeUuid } from "@wamesh/events";
import { listen } from "@wamesh/http";
import { type Log, openKafka } from "@wamesh/kafka";
import { watchDependency } from "@wamesh/metrics";
import {
  kafkaConnection,
  postgresConnection,
  redisConnection,
  registryConnection,
  runService,
} from "@wamesh/service";
import { checkRelease, connect, release, runOutboxPublisher, watchPostgres } from "@wamesh/store";
import { keyVerifier } from "@wamesh/vault";
import { createIngestApi } from "./app.ts";
import { startCampaigns } from "./campaigns/start-campaigns.ts";
import { settings } from "./config.ts";
import { startForgetting } from "./contacts/forget.ts";
import { createLastSessions } from "./contacts/last-sessions.ts";
import { startContacts } from "./contacts/start-contacts.ts";
import { openRecentEvents } from "./events/recent-events.ts";
import { startEvents } from "./events/start-events.ts";
import { openIdempotencyStore } from "./idempotency-store.ts";
import { createLimits } from "./limits/limits.ts";
import { createQueueQuota } from "./limits/queue-quota.ts";
import { openWaiting } from "./limits/waiting.ts";
import { createRecords, written } from "./records.ts";
import { openRedis } from "./redis.ts";
import { startRedriving } from "./redrives/start.ts";

/** Within the five seconds in which a broker outage must be answered. */
const producerDeadlineMs = 4_000;
/** A consumer that has not polled for so long is stuck, and only a restart helps. */
const stuckMs = 60_000;
const staleMs = 30_000;
/** 100 MB over a slow line. */
const uploadTimeoutMs = 15 * 60_000;

await runService({
  name: "ingest",
  version: release.version,
  settings,
  start: async ({ settings, instanceId, version, log, fatal, onStop }) => {
    const kafkaLog: Log = (level, message, facts) => log[level](facts ?? {}, message);
    const kafka = openKafka({
      ...kafkaConnection(settings),
      clientId: `ingest-${instanceId}`,
      clientIdIsUnique: true,
      log: kafkaLog,
    });
    await kafka.checkAccess(settings.roles.includes("worker") ? "ingest" : "ingest-api");
    const codec = await createCodec(registryConnection(settings));
    const partitions = new Map(
      await Promise.all(written.map(async ({ name }) => [name, await kafka.partitions(name)] as const)),
    );
    const directory = await openDirectory({ kafka, codec });
    onStop(() => directory.stop());
    const tokenKeys = settings.recipientTokenKeys.map(({ secret }) => secret);
    const consents = await openConsents({ kafka, codec, tokenKeys });
    onStop(() => consents.stop());
    const waiting = await openWaiting({ kafka, codec });
    onStop(() => waiting.stop());
    const sql = connect({
      ...postgresConnection(settings),
      schema: "ingest",
      max: settings.postgresConnections,
      applicationName: `ingest-${instanceId}`,
    });
    onStop(() => sql.end({ timeout: 2 }));
    await checkRelease(sql, { schema: "ingest", log: (line) => log.warn(line) });
    const watched = [
      watchPostgres(sql),
      watchDependency("registry", (signal) => checkRegistry(registryConnection(settings), signal)),
    ];
    onStop(() => watched.forEach((one) => void one.stop()));

    const records = createRecords({
      codec,
      partitions: (topic) => partitions.get(topic)!,
      isLarge: (tenant) => directory.tenant(tenant)?.record?.large ?? false,
    });
    const planOf = (tenant: string) => directory.tenant(tenant)?.record?.plan ?? null;
    const quota = createQueueQuota({
      maxQueued: (tenant) => planOf(tenant)?.max_queued ?? null,
      waitingOf: waiting.waitingOf,
      nowMs: Date.now,
    });
    const newId = () => timeUuid(Date.now(), randomBytes(10));
    const shared = {
      world: { ...directory, optedOut: consents.optedOut },
      records,
      tokenKey: tokenKeys[0]!,
      tokenKeys,
      lastSessions: createLastSessions({
        sql,
        tokenKeys,
        now: Date.now,
        onError: (error) => log.warn({ err: error }, "who wrote to which session can't be read"),
      }),
      now: Date.now,
      log,
    };
    const onRedisError = (error: unknown) => log.warn({ err: error }, "Redis");
    const redis = openRedis({ ...redisConnection(settings), onError: onRedisError });
    onStop(() => redis.close());
    const recent = openRecentEvents({ redis, secrets: tokenKeys, onError: onRedisError });
    const { limits, limit } = createLimits({
      redis,
      planOf,
      quota,
      processes: settings.apiProcesses,
      nowMs: Date.now,
    });
    const stops: (() => Promise<unknown>)[] = [];
    const alive: (() => string | null)[] = [];
    let url: string | undefined;
    let fault: string | null = null;

    // Before it is ready, every key would be unknown and every session too.
    await Promise.all([directory.ready, consents.ready, waiting.ready]);

    const outboxProducer = kafka.producer({ deadlineMs: producerDeadlineMs });
    onStop(() => outboxProducer.close());
    const outbox = await runOutboxPublisher({
      sql,
      owner: instanceId,
      publish: (rows) =>
        outboxProducer.send(rows.map((row) => ({ ...row, value: row.value && Buffer.from(row.value) }))),
      onError: (error) => log.error({ err: error }, "records wait in the outbox"),
    });

    if (settings.roles.includes("worker")) {
      const producer = kafka.producer();
      onStop(() => producer.close());
      // Together: after a crash a group waits seconds for its dead member.
      const [events, contacts, campaigns, redriving] = await Promise.all([
        startEvents({
          ...shared,
          kafka,
          codec,
          producer,
          sql,
          recent,
          limits,
          onError: (error) => log.error({ err: error }, "rules can't be applied, events and steps wait"),
          onFatal: fatal,
        }),
        startContacts({
          kafka,
          codec,
          producer,
          sql,
          records,
          tokenKeys,
          now: Date.now,
          onError: (error) => log.error({ err: error }, "contacts can't be written, they wait"),
          onFatal: fatal,
        }),
        startCampaigns({ ...shared, kafka, codec, producer, sql, quota, owner: instanceId, onFatal: fatal }),
        startRedriving({
          ...shared,
          kafka,
          codec,
          producer,
          sql,
          quota,
          newId,
          owner: instanceId,
          onError: (error) => log.error({ err: error }, "dead letters wait to be noted or sent anew"),
          onFatal: fatal,
        }),
      ]);
      for (const one of [events, contacts, campaigns, redriving]) {
        if (one.fault !== null) log.error(one.fault);
        fault ??= one.fault;
      }
      const forgetting = startForgetting({ sql, now: Date.now, log });
      stops.push(() => forgetting.stop());
      stops.push(() => Promise.all([events.stop(), contacts.stop(), campaigns.stop(), redriving.stop()]));
      alive.push(() => (campaigns.lastTurnMs() > stuckMs ? "the worker of campaigns is stuck" : null));
      alive.push(() => (contacts.lastPollMs() > stuckMs ? "the consumer of contacts is stuck" : null));
      alive.push(() => (redriving.lastPollMs() > stuckMs ? "the consumer of dead letters is stuck" : null));
      alive.push(() => (events.lastPollMs() > stuckMs ? "the consumer of events is stuck" : null));
    }

    if (settings.roles.includes("api")) {
      const producer = kafka.producer({ deadlineMs: producerDeadlineMs });
      onStop(() => producer.close());
      const idempotency = openIdempotencyStore({ redis, uniqueId: newId, onError: onRedisError });
      const api = createIngestApi({
        ...shared,
        limits,
        limit,
        quota,
        version,
        auth: { directory, ...keyVerifier(settings.keyPeppers) },
        producer,
        idempotency,
        recent,
        sql,
        newId,
        derivedId: derivedUuid,
        newRuleId: () => `rul_${randomBytes(10).toString("hex")}`,
        newAudienceId: () => `aud_${newId().replaceAll("-", "")}`,
        newCampaignId: () => `cmp_${newId().replaceAll("-", "")}`,
        sessionFacts: directory.session,
        perDay: (tenant) => directory.tenant(tenant)?.record?.plan.per_day ?? null,
      });
      const server = await listen(api.app, {
        host: settings.httpHost,
        port: settings.httpPort,
        requestTimeoutMs: uploadTimeoutMs,
      });
      url = server.url;
      // First of all: what is still answered needs the producer and the database.
      stops.unshift(() => server.close());
    }

    // Last: what the others still commit goes with it.
    stops.push(() => outbox.stop());

    return {
      ready: () =>
        Math.max(directory.freshMs(), consents.freshMs()) > staleMs
          ? "the tables of tenants, sessions and consent can't be refreshed"
          : fault,
      alive: () => alive.map((check) => check()).find((why) => why !== null) ?? null,
      stop: async () => {
        for (const stop of stops) await stop();
      },
      ...(url !== undefined && { http: { url } }),
    };
  },
});
