// The fold between a real Kafka, a real registry and a real Postgres.
import { join } from "node:path";
import { type Codec, type Topic, topics } from "@wamesh/events";
import type { OutgoingRecord } from "@wamesh/kafka";
import { connect, migrate, type Sql, withTenants } from "@wamesh/store";
import {
  auditEntry,
  contactConsent,
  deadLetterRecord,
  domainEvent,
  eventOutcome,
  type FreshDatabase,
  freshDatabase,
  inboundMessage,
  keyConfig,
  outgoing,
  sessionEvent,
  sessionState,
  type TestKafka,
  tenantConfig,
  testKafka,
  until,
  webhookDelivery,
} from "@wamesh/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { campaignState, messageIds, outbound, status, type Told } from "./arbitrary-history.ts";
import { checksumsOf } from "./checksums.ts";
import { allDuties, type Duty, type Fold, startFold } from "./fold.ts";
import { views } from "./project.ts";

const schema = "projection";
const migrations = [join(import.meta.dirname, "../migrations")];
let database: FreshDatabase;
let sql: Sql;
let broker: TestKafka;
let codec: Codec;
/** The duties, on topics of this test's own. */
let duties: Duty[];
let names: Map<string, Topic<unknown>>;
let group: string;
const folds: Fold[] = [];

beforeAll(async () => {
  broker = await testKafka();
});

afterAll(async () => {
  await broker?.drop();
});

beforeEach(async () => {
  database = await freshDatabase({ migrations: [{ schema, dirs: migrations }] });
  sql = connect({ url: database.appUrl(schema), schema, max: 8, applicationName: "projector-test" });
  names = new Map();
  duties = [];
  for (const { name, sources } of allDuties) {
    const own: Duty = { name, sources: [] };
    for (const source of sources) {
      const topic = await broker.topic(source.topic);
      names.set(source.topic.name, topic);
      (own.sources as unknown[]).push({ ...source, topic });
    }
    duties.push(own);
  }
  codec = await broker.codec(...names.values());
  group = broker.group();
});

afterEach(async () => {
  for (const fold of folds.splice(0)) await fold.stop();
  await sql?.end();
  await database?.drop();
});

async function start(options: { sql?: Sql; duties?: Duty[]; withinMs?: number } = {}): Promise<Fold> {
  const silent = { debug() {}, warn() {}, error() {} };
  const fold = startFold({
    sql,
    kafka: broker.kafka,
    codec,
    log: silent,
    group,
    duties,
    fatal: (error) => {
      throw error;
    },
    ...options,
  });
  folds.push(fold);
  const { withinMs = 20_000 } = options;
  await until(() => fold.obstacle() === null, { what: "the fold began", withinMs }).catch(
    (error: unknown) => {
      throw new Error(`it did not begin: ${fold.obstacle()}`, { cause: error });
    },
  );
  return fold;
}

async function stop(fold: Fold): Promise<void> {
  folds.splice(folds.indexOf(fold), 1);
  await fold.stop();
}

function recordOf(topic: Topic<unknown>, record: { tenant: string | null }): OutgoingRecord {
  const own = names.get(topic.name)!;
  const tenant = record.tenant === null ? {} : { tenant: record.tenant };
  return outgoing(own, codec.encode(own, record), tenant);
}

async function produce(...records: OutgoingRecord[]): Promise<void> {
  const producer = broker.kafka.producer();
  await producer.send(records);
  await producer.close();
}

const toldRecord = ({ topic, record }: Told) => recordOf(topic, record);

async function countOf(table: string, of = sql): Promise<number> {
  const [row] = await withTenants(of, "all", (tx) =>
    tx.unsafe<{ n: number }[]>(`select count(*) as n from ${table}`),
  );
  return row!.n;
}

/** By table, over all its rows. */
async function checksums(of: Sql, in_ = schema): Promise<Record<string, string>> {
  const sums = await withTenants(of, "all", (tx) => checksumsOf(tx, in_));
  return Object.fromEntries(sums.map(({ table, rows, sum }) => [table, `${rows} ${sum}`]));
}

function everything(): OutgoingRecord[] {
  return [
    recordOf(topics.domainEvent, domainEvent()),
    recordOf(topics.eventOutcome, eventOutcome()),
    recordOf(topics.messageInbound, inboundMessage()),
    recordOf(topics.contactConsent, contactConsent({ version: 2, opted_out: false })),
    recordOf(topics.contactConsent, contactConsent({ version: 1 })),
    recordOf(topics.webhookDelivery, webhookDelivery()),
    recordOf(topics.sessionState, sessionState({ version: 2, status: "connected" })),
    recordOf(topics.sessionState, sessionState({ version: 1, status: "connecting" })),
    recordOf(topics.tenantConfig, tenantConfig({ version: 2, tenant_record: { parent: "agency" } })),
    recordOf(topics.tenantConfig, keyConfig()),
    recordOf(topics.campaignState, campaignState({ version: 2, state: "processing" })),
    recordOf(topics.campaignState, campaignState({ version: 1 })),
    recordOf(topics.sessionEvent, sessionEvent()),
    recordOf(topics.sessionEvent, sessionEvent({ event_id: "red", kind: "quality", value: "red" })),
    recordOf(topics.dead, deadLetterRecord()),
    recordOf(topics.audit, auditEntry()),
    ...messageIds.flatMap((id) => [
      toldRecord(status("acme", id, { status: "sent" })),
      toldRecord(outbound("acme", id)),
      toldRecord(status("acme", id, { status: "read", origin: "provider" })),
    ]),
  ];
}

async function allSeen(): Promise<void> {
  await until(async () => (await countOf("message_event")) === 9, { what: "all statuses" });
  for (const { table } of views) await until(async () => (await countOf(table)) > 0, { what: table });
}

describe("the fold", () => {
  test("brings every topic into its table", async () => {
    await start();
    await produce(...everything());
    await allSeen();
    const [row] = await withTenants(sql, ["acme"], (tx) => tx`select version, status, name from session`);
    expect(row).toEqual({ version: 2, status: "connected", name: "Main number" });
    const counters = await withTenants(
      sql,
      ["acme"],
      (tx) => tx`select name, value from tenant_counter where value <> 0 order by name`,
    );
    expect([...counters]).toEqual([
      { name: "events", value: 1 },
      { name: "inbound", value: 1 },
      { name: "read", value: 3 },
    ]);
  });

  test("goes on where it stopped, and what comes again changes nothing", async () => {
    const first = await start();
    await produce(...everything());
    await allSeen();
    const before = await checksums(sql);
    await stop(first);
    await produce(
      ...everything(),
      toldRecord(status("acme", messageIds[0]!, { status: "delivered", origin: "provider" })),
    );
    await start();
    await until(async () => (await countOf("message_event")) === 10);
    const after = await checksums(sql);
    // What is new, and nothing else: delivered before it was read, and no sooner sent.
    const changed = { message_event: "", message: "" };
    expect({ ...after, ...changed }).toEqual({ ...before, ...changed });
  });

  test("a fresh schema filled by the same group gets equal rows", { timeout: 120_000 }, async () => {
    // Of one duty: going back takes the group some seconds per topic.
    const messages = duties.filter(({ name }) => name === "messages");
    const first = await start({ duties: messages });
    const told = messageIds.flatMap((id) => [
      status("acme", id, { status: "sent" }),
      outbound("acme", id),
      status("acme", id, { status: "read", origin: "provider" }),
    ]);
    await produce(...told.map(toldRecord));
    await until(async () => (await countOf("message_event")) === told.length);
    await stop(first);
    const { appUrl } = await migrate({
      url: database.url,
      schema: "projection_again",
      dirs: migrations,
      appPassword: "test",
      log: () => {},
    });
    const again = connect({
      url: appUrl,
      schema: "projection_again",
      max: 4,
      applicationName: "projector-test",
    });
    try {
      const second = await start({ sql: again, duties: messages, withinMs: 60_000 });
      await until(async () => (await countOf("message_event", again)) === told.length);
      await stop(second);
      expect(await checksums(again, "projection_again")).toEqual(await checksums(sql));
    } finally {
      await again.end();
    }
  });

  test("what can't be read or stored goes to wa.dead, and the partition goes on", async () => {
    await start();
    const statuses = names.get(topics.messageStatus.name)!;
    await produce(
      outgoing(statuses, Buffer.from("no avro"), { tenant: "acme" }),
      toldRecord(status("acme", "no uuid", { status: "sent" })),
      toldRecord(status("acme", messageIds[0]!, { status: "sent" })),
    );
    await until(async () => (await countOf("message")) === 1, { what: "the record behind the bad ones" });
    const admin = await broker.kafka.admin();
    const dead: string[] = [];
    const reader = await broker.kafka.consume({
      groupId: broker.group(),
      topics: [topics.dead],
      codec,
      deadLetter: { service: "test", producer: { send: async () => {} } },
      handle: async ({ records }) => {
        for (const { record } of records)
          if (record.origin_topic === statuses.name) dead.push(record.reason.code);
      },
    });
    await until(() => dead.length === 2, { what: "two dead letters" });
    await reader.stop();
    await admin.close();
    expect(dead.sort()).toEqual(["invalid_record", "undecodable"]);
  });

  test("a cursor beyond the end of the log stops it, and it says so", async () => {
    const first = await start();
    await produce(...everything());
    await allSeen();
    await stop(first);
    await sql`update stream_cursor set next_offset = 1000 where topic = ${names.get(topics.messageStatus.name)!.name}`;
    const silent = { debug() {}, warn() {}, error() {} };
    const fold = startFold({
      sql,
      kafka: broker.kafka,
      codec,
      log: silent,
      group,
      duties,
      fatal: () => {},
    });
    folds.push(fold);
    await until(() => /stream_cursor/.test(fold.obstacle() ?? ""), { what: "the reason" });
  });
});
