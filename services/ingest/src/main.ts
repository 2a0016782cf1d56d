/** The list: what ingest is made of, started in this order. */
import { randomBytes } from "node:crypto";
import { openConsents, openDirectory } from "@wamesh/directory";
import { createCodec, derivedUuid, timeUuid, topics } from "@wamesh/events";
import { listen } from "@wamesh/http";
import { type Log, openKafka } from "@wamesh/kafka";
import { kafkaConnection, runService } from "@wamesh/service";
import { connect, runOutboxPublisher } from "@wamesh/store";
import { keyVerifier } from "@wamesh/vault";
import { createIngestApi } from "./app.ts";
import { settings } from "./config.ts";
import { startForgetting } from "./contacts/forget.ts";
import { createLastSessions } from "./contacts/last-sessions.ts";
import { startContacts } from "./contacts/start-contacts.ts";
import { createEventWorker } from "./event-worker.ts";
import { openIdempotencyStore } from "./idempotency-store.ts";
import { createRulesReader } from "./read-rules.ts";
import { createRecords, written } from "./records.ts";

/** Within the five seconds in which a broker outage must be answered. */
const producerDeadlineMs = 4_000;
/** A consumer that has not polled for so long is stuck, and only a restart helps. */
const stuckMs = 60_000;
const staleMs = 30_000;

await runService({
  name: "ingest",
  version: "0.1.0",
  settings,
  start: async ({ settings, instanceId, version, log, fatal, onStop }) => {
    const kafkaLog: Log = (level, message, facts) => log[level](facts ?? {}, message);
    const kafka = openKafka({
      ...kafkaConnection(settings),
      clientId: `ingest-${instanceId}`,
      log: kafkaLog,
    });
    const codec = await createCodec({ registryUrl: settings.registryUrl });
    const partitions = new Map(
      await Promise.all(written.map(async ({ name }) => [name, await kafka.partitions(name)] as const)),
    );
    const directory = await openDirectory({ kafka, codec });
    onStop(() => directory.stop());
    const tokenKeys = settings.recipientTokenKeys.map(({ secret }) => secret);
    const consents = await openConsents({ kafka, codec, tokenKeys });
    onStop(() => consents.stop());
    const sql = connect({
      url: settings.postgresUrl,
      schema: "ingest",
      max: settings.postgresConnections,
      applicationName: `ingest-${instanceId}`,
    });
    onStop(() => sql.end({ timeout: 2 }));

    const records = createRecords({
      codec,
      partitions: (topic) => partitions.get(topic)!,
      isLarge: (tenant) => directory.tenant(tenant)?.record?.large ?? false,
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
    const stops: (() => Promise<unknown>)[] = [];
    const alive: (() => string | null)[] = [];
    let url: string | undefined;
    let fault: string | null = null;

    // Before it is ready, every key would be unknown and every session too.
    await Promise.all([directory.ready, consents.ready]);

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
      const readRules = createRulesReader({
        sql,
        onError: (error) => log.error({ err: error }, "rules can't be read, events wait"),
      });
      // Together: after a crash a group waits seconds for its dead member.
      const [consumer, contacts] = await Promise.all([
        kafka.consume({
          groupId: "wamesh-ingest-events",
          topics: [topics.domainEvent],
          codec,
          deadLetter: { service: "ingest", producer },
          handle: createEventWorker({ ...shared, readRules, producer }),
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
      ]);
      if (contacts.fault !== null) log.error(contacts.fault);
      fault = contacts.fault;
      const forgetting = startForgetting({ sql, now: Date.now, log });
      stops.push(() => forgetting.stop());
      stops.push(() => Promise.all([consumer.stop(), contacts.stop()]));
      alive.push(() => (contacts.lastPollMs() > stuckMs ? "the consumer of contacts is stuck" : null));
      alive.push(() => (consumer.lastPollMs() > stuckMs ? "the consumer of events is stuck" : null));
    }

    if (settings.roles.includes("api")) {
      const producer = kafka.producer({ deadlineMs: producerDeadlineMs });
      onStop(() => producer.close());
      const idempotency = openIdempotencyStore({
        redisUrl: settings.redisUrl,
        uniqueId: newId,
        onError: (error) => log.warn({ err: error }, "Redis"),
      });
      onStop(() => idempotency.close());
      const api = createIngestApi({
        ...shared,
        version,
        auth: { directory, ...keyVerifier(settings.keyPeppers) },
        producer,
        idempotency,
        sql,
        newId,
        derivedId: derivedUuid,
        newRuleId: () => `rul_${randomBytes(10).toString("hex")}`,
      });
      const server = await listen(api.app, { host: settings.httpHost, port: settings.httpPort });
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
