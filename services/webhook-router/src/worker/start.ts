/** The worker put together: understanding callbacks, fanning out, delivering. Returns its routes and how it is. */
import { randomBytes } from "node:crypto";
import type { Directory } from "@wamesh/directory";
import { parseAllowList } from "@wamesh/egress";
import { type Codec, type ProviderCallback, timeUuid, topics } from "@wamesh/events";
import type { ApiRoute } from "@wamesh/http";
import type { Batch, Consumer, Dead, Kafka, OutgoingRecord, RecordOf, Skip } from "@wamesh/kafka";
import { type Log, postgresConnection } from "@wamesh/service";
import { checkRelease, connect, keepLease, noting, runOutboxPublisher, watchPostgres } from "@wamesh/store";
import { createVault, type RingKey } from "@wamesh/vault";
import { type Metrics, measureWaiting, observeDeliveries } from "../metrics.ts";
import type { Owners } from "../owners.ts";
import type { Records } from "../records.ts";
import { isNoReference } from "./callbacks/reference.ts";
import { createCallbackStore } from "./callbacks/store.ts";
import { createUnderstanding } from "./callbacks/understand.ts";
import { createUnrouted } from "./callbacks/unrouted.ts";
import { startUnroutedRetry } from "./callbacks/unrouted-retry.ts";
import { createCaller } from "./deliveries/call.ts";
import { startDelivering } from "./deliveries/deliver.ts";
import { createFanOut, fannedOut, isUntold } from "./deliveries/fan-out.ts";
import { listenForSignals } from "./deliveries/signal.ts";
import { createDeliveryStore } from "./deliveries/store.ts";
import { rewrapSecrets } from "./endpoints/rewrap.ts";
import { endpointRoutes } from "./endpoints/routes/all.ts";
import { misplaced } from "./misplaced.ts";
import { startTidying } from "./tidy.ts";
import { type TraceOf, tracesOf } from "./traces.ts";

export type WorkerDeps = {
  settings: {
    postgresUrl: string;
    postgresCa?: string | undefined;
    postgresConnections: number;
    recipientTokenKeys: readonly { secret: string }[];
    endpointKeys: readonly RingKey[];
    webhookAllow: string;
    deliveriesInFlight: number;
  };
  instanceId: string;
  kafka: Kafka;
  codec: Codec;
  directory: Directory;
  owners: Owners;
  records: Records;
  metrics: Metrics;
  log: Log;
  fatal(error: unknown): void;
  onStop(close: () => Promise<unknown> | unknown): void;
  /** Beginning of the Kafka groups' names. */
  groups: string;
};

const leaseMs = 10_000;
/** A consumer that has not polled for so long is stuck, and only a restart helps. */
const stuckMs = 60_000;

export async function startWorker(
  deps: WorkerDeps,
): Promise<{ routes: ApiRoute[]; ready: () => string | null; alive: () => string | null }> {
  const { settings, instanceId, kafka, codec, directory, owners, records, metrics, log, onStop } = deps;
  const pool = (max: number, sees: { tenants?: "all"; avoidTableScans?: true }) => {
    const sql = connect({
      ...postgresConnection(settings),
      schema: "webhooks",
      max,
      applicationName: `webhook-router ${instanceId}`,
      ...sees,
    });
    onStop(() => sql.end({ timeout: 2 }));
    return sql;
  };
  // What is parked, under way or due comes and goes within seconds: the planner's statistics are of another moment.
  const sql = pool(settings.postgresConnections, { tenants: "all", avoidTableScans: true });
  await checkRelease(sql, { schema: "webhooks", log: (line) => log.warn(line) });
  const watched = [watchPostgres(sql), measureWaiting(sql)];
  onStop(() => watched.forEach((one) => void one.stop()));
  // Requests have their own, in which a query that names no tenant sees nothing.
  const requests = pool(2, {});
  const producer = kafka.producer();
  onStop(() => producer.close());
  const produce = (out: OutgoingRecord[]) => producer.send(out);
  const vault = createVault({ ring: settings.endpointKeys });
  const allow = parseAllowList(settings.webhookAllow);
  const rewrapping = rewrapSecrets({ sql, vault, newest: settings.endpointKeys[0]!.id, log });
  onStop(() => rewrapping);

  const callbackStore = createCallbackStore(sql);
  const understanding = createUnderstanding({
    store: callbackStore,
    records,
    produce,
    tokenKeys: settings.recipientTokenKeys.map(({ secret }) => secret),
    numberOf: (session) => directory.session(session)?.provider_ref,
    owners,
    unknown: (provider, name) => {
      metrics.notUnderstood(provider, name);
      log.debug({ provider, name }, "not understood");
    },
    parked: metrics.parked,
  });
  const unrouted = createUnrouted({ store: callbackStore, owners, records, produce, vault, log });
  const retrying = startUnroutedRetry({ retry: unrouted.retry, onChange: directory.onChange, log });
  onStop(() => retrying.stop());

  const deliveryStore = createDeliveryStore(sql);
  const caller = createCaller({ allow, now: Date.now });
  onStop(() => caller.close());
  const lease = keepLease({
    sql,
    name: "deliveries",
    owner: instanceId,
    ttlMs: leaseMs,
    onAcquired: () => delivering.lead(),
    onError: (err) => log.error({ err }, "the lease of deliveries can't be kept"),
  });
  onStop(() => lease.stop());
  const delivering = startDelivering({
    store: deliveryStore,
    call: caller.call,
    produce,
    records,
    vault,
    leads: () => lease.held(1000) !== null,
    slots: settings.deliveriesInFlight,
    weightOf: (tenant) => directory.tenant(tenant)?.record?.plan.weight ?? 1,
    now: Date.now,
    monotonicMs: () => performance.now(),
    random: Math.random,
    count: metrics.attempt,
    log,
  });
  onStop(() => delivering.stop());
  onStop(observeDeliveries(delivering.inFlight));
  onStop(await listenForSignals(sql, delivering.signal));

  const outbox = await runOutboxPublisher({
    sql,
    owner: instanceId,
    publish: (rows) =>
      producer.send(
        rows.map((row) => ({ ...row, value: row.value === null ? null : Buffer.from(row.value) })),
      ),
    onError: (err) => log.error({ err }, "audit entries wait in the outbox"),
  });
  onStop(() => outbox.stop());

  const tidying = startTidying({
    tidy: async () => ({ ...(await callbackStore.tidy()), deliveries: await deliveryStore.tidy() }),
    log,
  });
  onStop(() => tidying.stop());

  const consumers: Consumer[] = [];
  const consume = async <T extends (typeof read)[number]>(options: {
    group: string;
    topics: readonly T[];
    skip?: Skip;
    lingerMs: number;
    handle: (batch: Batch<RecordOf<T>>) => Promise<readonly Dead[] | undefined>;
  }): Promise<void> => {
    const { group, ...rest } = options;
    const groupId = `${deps.groups}-${group}`;
    const consumer = await kafka.consume<T>({
      ...rest,
      groupId,
      beforeCommit: noting({ kafka, sql, consumer: groupId }),
      codec,
      deadLetter: { service: "webhook-router", producer },
      onFatal: deps.fatal,
    });
    consumers.push(consumer);
  };
  onStop(() => Promise.all(consumers.map((consumer) => consumer.stop())));
  const cursorFault = await misplaced({ kafka, sql, groups: deps.groups });
  if (cursorFault !== null) log.error(cursorFault);
  const fanOut = createFanOut({ sql, consumer: `${deps.groups}-deliveries` });

  const understandCallbacks = async (batch: readonly ProviderCallback[], traceOf: TraceOf) => {
    await understanding.callbacks(batch, traceOf);
    const nowMs = Date.now();
    for (const { provider, received_at } of batch) metrics.understood(provider, nowMs - received_at);
  };
  const readAll = () => [
    consume({
      group: "callbacks",
      topics: [topics.providerCallback],
      // Longer than references take, so that a receipt usually finds its own and need not be parked.
      lingerMs: 60,
      handle: logged(log, "callbacks understood", silent(understandCallbacks)),
    }),
    consume({
      group: "unrouted",
      topics: [topics.providerUnrouted],
      lingerMs: 250,
      handle: logged(log, "unrouted callbacks parked", silent(unrouted.callbacks)),
    }),
    consume({
      group: "references",
      topics: [topics.messageStatus],
      skip: isNoReference,
      lingerMs: 25,
      handle: logged(log, "references remembered", silent(understanding.statuses)),
    }),
    consume({
      group: "deliveries",
      topics: fannedOut,
      skip: isUntold,
      lingerMs: 80,
      handle: logged(log, "fanned out", fanOut),
    }),
  ];
  if (cursorFault === null) await Promise.all(readAll());

  return {
    routes: endpointRoutes({
      sql: requests,
      records,
      vault,
      call: caller.call,
      hasSession: (tenant, id) => {
        const session = directory.session(id);
        return session !== undefined && session.tenant === tenant && session.status !== "deleted";
      },
      allow,
      random: randomBytes,
      now: Date.now,
      newId: () => timeUuid(Date.now(), randomBytes(10)),
    }),
    ready: () => cursorFault,
    alive: () =>
      consumers.some((consumer) => consumer.lastPollMs() > stuckMs) ? "a consumer is stuck" : null,
  };
}

const read = [topics.providerCallback, topics.providerUnrouted, ...fannedOut] as const;

/** Of a batch only its records with their traces, and nothing to be said of them. */
function silent<Record_ extends object>(
  work: (records: readonly Record_[], traceOf: TraceOf) => Promise<void>,
) {
  return async (batch: Batch<Record_>): Promise<undefined> => {
    await work(
      batch.records.map(({ record }) => record),
      tracesOf(batch.records),
    );
  };
}

/** One line per batch that held anything. `work` may say how many rows came of it. */
function logged<Record_>(
  log: Log,
  what: string,
  work: (batch: Batch<Record_>) => Promise<number | undefined>,
) {
  return async (batch: Batch<Record_>): Promise<undefined> => {
    const startedMs = performance.now();
    const rows = await work(batch);
    if (batch.records.length === 0) return;
    log.info(
      {
        topic: batch.topic,
        partition: batch.partition,
        records: batch.records.length,
        ...(typeof rows === "number" && { rows }),
        duration_ms: Math.round(performance.now() - startedMs),
      },
      what,
    );
  };
}
