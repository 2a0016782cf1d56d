/** For tests: ingest's own parts on real servers, writing to topics of the test's own. Tenants and sessions are given as data. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import {
  allTopics,
  type DeadLetter,
  type DispatchState,
  type DomainEvent,
  derivedUuid,
  type InboundMessage,
  type MessageStatus,
  type Plan,
  type Topic,
  timeUuid,
  topics,
} from "@wamesh/events";
import type { KeyDirectory } from "@wamesh/http";
import type { Kafka, OutgoingRecord, Producer } from "@wamesh/kafka";
import { connect, runOutboxPublisher } from "@wamesh/store";
import { freshDatabase, outgoing, stack, testKafka } from "@wamesh/testing";
import { hashSecret, verifySecret } from "@wamesh/vault";
import { createIngestApi } from "./app.ts";
import type { ExpandDeps } from "./campaigns/expand-chunk.ts";
import { createOutcomeWorker } from "./campaigns/outcome-worker.ts";
import { isNoOutcome } from "./campaigns/outcomes.ts";
import { startExpansion } from "./campaigns/start-expansion.ts";
import type { Member } from "./choose-session.ts";
import { createContactWorker } from "./contacts/contact-worker.ts";
import { createLastSessions } from "./contacts/last-sessions.ts";
import type { World } from "./decide.ts";
import { createEventWorker } from "./events/event-worker.ts";
import { openRecentEvents } from "./events/recent-events.ts";
import { openIdempotencyStore } from "./idempotency-store.ts";
import { createLimits } from "./limits/limits.ts";
import { createQueueQuota } from "./limits/queue-quota.ts";
import { foldWaiting, type WaitingState, waitingOf } from "./limits/waiting.ts";
import { createRecords, written } from "./records.ts";
import { openRedis } from "./redis.ts";
import { createLetterWorker } from "./redrives/note-letters.ts";
import type { RedriveWorkDeps } from "./redrives/run-redrives.ts";
import { makeDueSteps } from "./rules/due-steps.ts";
import { createStepKeeper } from "./rules/keep-steps.ts";
import { createRulesReader } from "./rules/read-rules.ts";
import { createRoomKeeper } from "./rules/wait-for-room.ts";

const partitions = 2;
const peppers = [{ id: "test", secret: "a pepper of the tests" }];
/** Newest first. */
export const tokenKeys = ["a token key of the tests", "an older one"];
const secret = "s".repeat(32);
const keys: Record<string, { tenant: string; expiresAt: number | null }> = {
  acme00000000: { tenant: "acme", expiresAt: null },
  globex000000: { tenant: "globex", expiresAt: null },
  expired00000: { tenant: "acme", expiresAt: 1 },
};

const member = (session: string, tenant: string, provider: Member["provider"]): Member => ({
  session,
  tenant,
  provider,
  account: `acc_${session}`,
  status: "connected",
  otp_only: false,
});
const members = [
  member("ses_a1", "acme", "cloud_api"),
  member("ses_a2", "acme", "cloud_api"),
  member("ses_g1", "globex", "wasender"),
];

/** `tenant number` of whom the table of consents would say so; the table has tests of its own. */
export const optedOut = new Set<string>();

const world: World = {
  session: (id) => members.find((one) => one.session === id),
  sessionsInPool: (tenant, pool) =>
    pool === "default" ? members.filter((one) => one.tenant === tenant) : [],
  template: () => undefined,
  templatesListed: () => false,
  optedOut: (tenant, { value }) => (optedOut.has(`${tenant} ${value}`) ? "all" : null),
};

const directory: KeyDirectory = {
  key: (id) =>
    keys[id] && { ...keys[id], state: "active", scopes: ["*"], secretHashes: hashSecret(peppers, secret) },
  tenant: (id) => (["acme", "globex"].includes(id) ? { state: "active", isOperator: false } : undefined),
  mayActFor: (actor, tenant) => actor === tenant,
  freshMs: () => 0,
};

const silent = { info: () => {}, error: () => {} };

/** The fields that tests look at, of whatever was answered. */
export type Reply = {
  id: string;
  session_id: string;
  not_after: string;
  accepted: number;
  refused: number;
  results: { id: string }[];
  errors: { field: string; remedy: string }[];
  items: { id: string }[];
  command: { id: string; kind: string; requested_at: string };
  next_cursor: string | null;
  paths: Record<string, Record<string, object>>;
};

export async function replyOf(response: Response | Promise<Response>): Promise<Reply> {
  return (await (await response).json()) as Reply;
}

export async function openBench(
  overrides: { redisUrl?: string; producerOf?: (kafka: Kafka) => Producer } = {},
) {
  const closers: (() => unknown)[] = [];
  const test = await testKafka();
  closers.push(() => test.drop());
  const own = new Map<string, Topic<unknown>>();
  for (const topic of [...written, topics.messageInbound, topics.messageStatus, topics.dead])
    own.set(topic.name, await test.topic<unknown>(topic, { partitions }));
  const codec = await test.codec(...allTopics, ...own.values());
  const database = await freshDatabase({
    migrations: [{ schema: "ingest", dirs: [join(import.meta.dirname, "../migrations")] }],
  });
  closers.push(() => database.drop());
  const sql = connect({
    url: database.appUrl("ingest"),
    schema: "ingest",
    max: 4,
    applicationName: "ingest-test",
  });
  closers.push(() => sql.end({ timeout: 1 }));

  const producer = overrides.producerOf?.(test.kafka) ?? test.kafka.producer();
  closers.push(() => producer.close());
  /** Everything handed to Kafka; what it then has is read from the topics. */
  const sent: OutgoingRecord[] = [];
  const redirected: Pick<Producer, "send"> = {
    send: (records) => {
      sent.push(...records);
      return producer.send(
        records.map((record) => ({ ...record, topic: own.get(record.topic)?.name ?? record.topic })),
      );
    },
  };
  const redis = openRedis({ url: overrides.redisUrl ?? stack().redisUrl, onError: () => {} });
  closers.push(() => redis.close());
  const idempotency = openIdempotencyStore({
    redis,
    uniqueId: () => randomBytes(8).toString("hex"),
    onError: () => {},
  });

  const newId = () => timeUuid(Date.now(), randomBytes(10));
  const plans = new Map<string, Plan>();
  const waiting: WaitingState = new Map();
  const ownRun = randomBytes(4).toString("hex");
  const recent = openRecentEvents({
    redis,
    // Of this test only: the names in Redis are made of them.
    secrets: [randomBytes(16).toString("hex")],
    onError: () => {},
  });

  const shared = {
    world,
    recent,
    records: createRecords({ codec, partitions: () => partitions, isLarge: () => false }),
    producer: redirected,
    tokenKey: tokenKeys[0]!,
    tokenKeys,
    lastSessions: createLastSessions({ sql, tokenKeys, now: Date.now, onError: () => {} }),
    now: Date.now,
    log: silent,
  };
  const quota = createQueueQuota({
    maxQueued: (tenant) => plans.get(tenant)?.max_queued ?? null,
    waitingOf: (tenant) => waitingOf(waiting, tenant),
    nowMs: Date.now,
  });
  const limited = createLimits({
    // Of a run of their own: what an earlier run of the tests took from Redis is not theirs.
    redis: {
      run: (script, keys, args) =>
        redis.run(
          script,
          keys.map((key) => `${ownRun}:${key}`),
          args,
        ),
    },
    planOf: (tenant) => plans.get(tenant) ?? null,
    quota,
    processes: 1,
    nowMs: Date.now,
  });
  const handleEvents = createEventWorker({
    ...shared,
    limits: limited.limits,
    waitForRoom: createRoomKeeper({ sql, now: Date.now, onError: () => {} }),
    readRules: createRulesReader({ sql, onError: () => {} }),
    keepSteps: createStepKeeper({ ...shared, sql, consumer: "events", onError: () => {} }),
  });
  const api = createIngestApi({
    ...shared,
    version: "test",
    auth: { directory, verifySecret: (given, hashes) => verifySecret(peppers, given, hashes) },
    idempotency,
    ...limited,
    quota,
    sql,
    newId,
    derivedId: derivedUuid,
    newRuleId: () => `rul_${randomBytes(10).toString("hex")}`,
    newAudienceId: () => `aud_${timeUuid(Date.now(), randomBytes(10)).replaceAll("-", "")}`,
    newCampaignId: () => `cmp_${timeUuid(Date.now(), randomBytes(10)).replaceAll("-", "")}`,
    sessionFacts: (id) => {
      const found = members.find(({ session }) => session === id);
      return found && { name: `name of ${id}`, status: found.status, rate_per_s: 10 };
    },
    perDay: () => 100_000,
  });

  return {
    api,
    /** What the table of tenants would say of their plans; without one there are the defaults. */
    plans,
    /** The question of each request: whether its key may ask now. */
    judge: limited.limit,
    /** The least that a question to Redis costs. */
    askRedis: () => redis.run("return 1", [], []),
    /** As the dispatcher says it. */
    counted: (record: DispatchState) => foldWaiting(waiting, record),
    sql,
    /** What workers are made of. */
    deps: { ...shared, sql, quota },
    secret,
    sent,
    /** The topic that stands for this one of the catalogue. */
    topic: <Record_>(like: Topic<Record_>) => own.get(like.name) as Topic<Record_>,
    codec,
    kafka: test.kafka,
    /** Calls the API as this key's holder; without a content type it is JSON. */
    call: (
      method: string,
      path: string,
      body?: unknown,
      { key = "acme00000000", headers = {} }: { key?: string; headers?: Record<string, string> } = {},
    ) =>
      api.app.request(path, {
        method,
        headers: {
          authorization: `Bearer wam_${key}_${secret}`,
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
    /** All records that the stand-in of this topic has now, decoded. */
    async read<Record_>(like: Topic<Record_>): Promise<Record_[]> {
      const found: Record_[] = [];
      const table = await test.kafka.table({
        topic: own.get(like.name) as Topic<Record_>,
        codec,
        apply: (_key, record) => void found.push(record),
      });
      await table.ready;
      await table.stop();
      return found;
    },
    async startWorker() {
      const consumer = await test.kafka.consume({
        groupId: test.group(),
        topics: [own.get(topics.domainEvent.name) as typeof topics.domainEvent],
        codec,
        deadLetter: { service: "ingest", producer: redirected },
        handle: handleEvents,
      });
      closers.push(() => consumer.stop());
    },
    /** Hands these events to the worker as one batch that begins at this offset of a log of its own. */
    async handOver(events: readonly DomainEvent[], offset: number) {
      await handleEvents({
        topic: "a log of its own",
        partition: 0,
        clusterId: "test",
        records: events.map((record, i) => ({
          record,
          headers: {},
          key: record.tenant,
          offset: String(offset + i),
          value: null,
          timestampMs: Date.now(),
        })),
        nextOffset: String(offset + events.length),
        signal: new AbortController().signal,
      });
    },
    /** Makes what is due at this time; `producer` takes its records instead of Kafka. */
    makeDue: (nowMs: number, producer: Pick<Producer, "send"> = redirected) =>
      makeDueSteps({ ...shared, sql, limits: limited.limits, producer, now: () => nowMs }),
    /** Writes as ingest does, to the test's own topics. */
    send: redirected.send,
    /** Reads what people write, in a group and with cursors of this name. */
    async startContacts(name = "contacts") {
      const consumer = await test.kafka.consume({
        groupId: `${test.group()}-${name}`,
        topics: [own.get(topics.messageInbound.name) as typeof topics.messageInbound],
        codec,
        deadLetter: { service: "ingest", producer: redirected },
        handle: createContactWorker({ ...shared, sql, consumer: name, onError: () => {} }),
      });
      closers.push(() => consumer.stop());
    },
    /** Notes what is given up, in a group and with cursors of this name. */
    async startLetters(name = "letters") {
      const consumer = await test.kafka.consume({
        groupId: `${test.group()}-${name}`,
        topics: [own.get(topics.dead.name) as typeof topics.dead],
        codec,
        deadLetter: { service: "ingest", producer: redirected },
        handle: createLetterWorker({ sql, codec, consumer: name, onError: () => {} }),
      });
      closers.push(() => consumer.stop());
    },
    /** What works redrives off, a second's worth at a call. */
    redriver(over: Partial<RedriveWorkDeps> = {}) {
      const reader = test.kafka.reader({ topic: own.get(topics.dead.name) as typeof topics.dead, codec });
      closers.push(() => reader.close());
      return { ...shared, sql, codec, quota, reader, newId, ...over };
    },
    /** As the dispatcher writes them. */
    async givesUp(...letters: DeadLetter[]) {
      const topic = own.get(topics.dead.name) as typeof topics.dead;
      await producer.send(
        letters.map((letter) =>
          outgoing(topic, codec.encode(topic, letter), { tenant: letter.tenant ?? "", partitions }),
        ),
      );
    },
    /** Expands campaigns, and counts how their messages end. */
    async startCampaigns(over: Partial<Pick<ExpandDeps, "producer">> = {}) {
      const deps = { ...shared, quota, ...over, sql, onError: () => {} };
      const expansion = startExpansion({ ...deps, owner: `test-${closers.length}` });
      const consumer = await test.kafka.consume({
        groupId: `${test.group()}-campaigns`,
        topics: [own.get(topics.messageStatus.name) as typeof topics.messageStatus],
        codec,
        deadLetter: { service: "ingest", producer: redirected },
        skip: (header) => isNoOutcome(header("status")),
        handle: createOutcomeWorker({ ...deps, consumer: "campaigns" }),
      });
      closers.push(() => Promise.all([expansion.stop(), consumer.stop()]));
    },
    /** As the dispatcher tells it. */
    async tells(...records: MessageStatus[]) {
      const topic = own.get(topics.messageStatus.name) as typeof topics.messageStatus;
      await producer.send(
        records.map((record) => ({
          ...outgoing(topic, codec.encode(topic, record), { tenant: record.tenant, partitions }),
          headers: { tenant: record.tenant, status: record.status },
        })),
      );
    },
    /** As webhook-router writes it. */
    async writes(...records: InboundMessage[]) {
      const topic = own.get(topics.messageInbound.name) as typeof topics.messageInbound;
      await producer.send(
        records.map((record) =>
          outgoing(topic, codec.encode(topic, record), { tenant: record.tenant, partitions }),
        ),
      );
    },
    async startOutbox() {
      const outbox = await runOutboxPublisher({
        sql,
        owner: "test",
        publish: (rows) =>
          redirected.send(rows.map((row) => ({ ...row, value: row.value && Buffer.from(row.value) }))),
        onError: () => {},
      });
      closers.push(() => outbox.stop());
    },
    async close() {
      for (const close of closers.reverse()) await close();
    },
  };
}

export type Bench = Awaited<ReturnType<typeof openBench>>;
