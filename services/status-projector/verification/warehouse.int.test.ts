// examples/data run as it stands there: topics of a real Kafka into a warehouse file, beside the read model on the same records.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Codec, eventId, type SessionEvent, type Topic, topics, type Usage } from "@wamesh/events";
import { listen } from "@wamesh/http";
import {
  inboundMessage,
  outgoing,
  pythonPackages,
  sessionEvent,
  sessionState,
  stack,
  type TestKafka,
  testKafka,
  until,
  webhookDelivery,
} from "@wamesh/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { campaignState, entriesOf, type Told } from "../src/arbitrary-history.ts";
import { type Bench, entries, keys, now, openBench, secret } from "../src/test-bench.ts";
import { startUsageJob } from "../src/usage/job.ts";
import { traffic } from "./traffic.ts";

const programs = fileURLToPath(new URL("../../../examples/data/", import.meta.url));
const packages = pythonPackages("examples/data/requirements.txt");
const tenants = ["acme", "globex"] as const;
const told = traffic({ tenants, messages: 96, startMs: now - 2 * 86_400_000 });
const campaigns = ["cmp_0", "cmp_1", "cmp_2"];

let bench: Bench;
let broker: TestKafka;
let codec: Codec;
let folder: string;
let environment: Record<string, string>;
/** Catalogue name -> this test's own topic. */
const own = new Map<string, Topic<unknown>>();

beforeAll(async () => {
  [bench, broker] = await Promise.all([openBench(), testKafka()]);
  for (const topic of [
    topics.messageStatus,
    topics.messageInbound,
    topics.webhookDelivery,
    topics.sessionEvent,
    topics.usage,
  ])
    own.set(topic.name, await broker.topic(topic as Topic<unknown>));
  // The job writes under the catalogue's name.
  codec = await broker.codec(...own.values(), topics.usage);
  folder = mkdtempSync(join(tmpdir(), "warehouse-"));
  environment = {
    ...(process.env as Record<string, string>),
    BROKERS: stack().kafkaBrokers,
    REGISTRY: stack().registryUrl,
    TOPICS: JSON.stringify(Object.fromEntries([...own].map(([name, topic]) => [name, topic.name]))),
    ...(typeof packages !== "string" && { PYTHONPATH: packages.path }),
  };
  await tell();
  await tellUsage();
});
afterAll(async () => {
  await bench?.close();
  await broker?.drop();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

/** The same records to the topics and to the read model. */
async function tell(): Promise<void> {
  const others = tenants.flatMap((tenant) => [
    ...[1, 2, 1].map(
      (n) => [topics.messageInbound, inboundMessage({ tenant, event_id: eventId(tenant, n) })] as const,
    ),
    ...[1, 2, 3].map(
      (n) =>
        [
          topics.webhookDelivery,
          webhookDelivery({ tenant, event_id: eventId(tenant, n), attempt: n }),
        ] as const,
    ),
    ...livesOf(tenant).map((record) => [topics.sessionEvent, record] as const),
  ]);
  const sessions = tenants.flatMap((tenant) =>
    ["stays", "went"].flatMap((session) =>
      entries(
        topics.sessionState,
        sessionState({ tenant, session, status: session === "went" ? "deleted" : "connected" }),
      ),
    ),
  );
  const levels = tenants.flatMap((tenant) =>
    campaigns.flatMap((campaign) => entries(topics.campaignState, campaignState({ tenant, campaign }))),
  );
  await bench.tell(
    ...told.flatMap(entriesOf),
    ...others.flatMap(([topic, record]) => entries(topic as Topic<unknown>, record)),
    ...levels,
    ...sessions,
  );
  const producer = broker.kafka.producer();
  const place = (tenant: string) => ({ tenant, partition: tenants.indexOf(tenant as "acme") });
  const record = ({ topic, record: one }: Pick<Told, "topic" | "record">) =>
    outgoing(own.get(topic.name)!, codec.encode(own.get(topic.name)!, one), place(one.tenant));
  await producer.send([
    ...told.map(record),
    ...others.map(([topic, one]) => record({ topic, record: one } as Told)),
    outgoing(own.get(topics.messageStatus.name)!, Buffer.from("no avro"), place("acme")),
  ]);
  await producer.close();
}

/** One session that is there for three days up to today, one for two of which the last is yesterday, and what was never connected. */
function livesOf(tenant: string): SessionEvent[] {
  const day = 86_400_000;
  const at = (session: string, status: SessionEvent["status"], occurred_at: number) =>
    sessionEvent({ tenant, session, status, occurred_at, event_id: eventId(tenant, session, status!) });
  return [
    at("stays", "created", now - 4 * day),
    at("stays", "connected", now - 2 * day),
    at("stays", "disconnected", now - day),
    at("went", "need_scan", now - 2 * day),
    at("went", "deleted", now - day),
    at("never", "created", now - day),
  ];
}

/** What the leased job tells of that into wa.usage. */
async function tellUsage(): Promise<void> {
  const producer = broker.kafka.producer();
  let sent = 0;
  const job = await startUsageJob({
    sql: bench.sql,
    codec,
    producer: {
      async send(records) {
        await producer.send(records.map((one) => ({ ...one, topic: own.get(topics.usage.name)!.name })));
        sent += records.length;
      },
    },
    partitions: 2,
    owner: "test",
    now: () => now,
    log: { error: (facts) => expect.fail(JSON.stringify(facts)) },
  });
  const rows = await job.round(31);
  expect(rows).toBeGreaterThan(0);
  await until(() => sent === rows, { what: "usage to leave the outbox" });
  await job.stop();
  await producer.close();
}

function run(program: string, ...args: string[]): string {
  const done = spawnSync("python3", [join(programs, program), ...args], {
    env: environment,
    encoding: "utf8",
  });
  if (done.status !== 0) throw new Error(done.stderr);
  return done.stdout;
}

/** While this process serves what the program asks for. */
async function runBeside(env: Record<string, string>, program: string, ...args: string[]): Promise<void> {
  const child = spawn("python3", [join(programs, program), ...args], {
    env: { ...environment, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (chunk) => (complaint += String(chunk)));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(complaint);
}

const ask = <Row = Record<string, unknown>>(file: string, sql: string): Row[] =>
  run("query.py", file, sql)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

/** Lets the loader commit so many transactions of 40 records, then kills it. */
async function killedAfter(transactions: number, file: string): Promise<void> {
  const child = spawn("python3", [join(programs, "load.py"), file], {
    env: { ...environment, BATCH: "40" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let lines = 0;
  child.stdout.on("data", (chunk) => {
    lines += String(chunk).split("\n").length - 1;
    if (lines >= transactions) child.kill("SIGKILL");
  });
  const [, signal] = await once(child, "close");
  expect(signal).toBe("SIGKILL");
}

const tables = [
  "status_event",
  "inbound",
  "webhook_attempt",
  "session_event",
  "usage_told",
  "next_offset",
  "unreadable",
];
/** By table, its rows as JSON, sorted. */
function content(file: string): Record<string, string[]> {
  const all = tables.map((table) => `select '${table}' as name, to_json(t)::varchar as line from ${table} t`);
  const rows = ask<{ name: string; line: string }>(file, `${all.join(" union all ")} order by all`);
  const linesOf = (table: string) => rows.filter(({ name }) => name === table).map(({ line }) => line);
  return Object.fromEntries(tables.map((table) => [table, linesOf(table)]));
}

// Without Python they are told as skipped at the end of `npm test`; where CI is set that fails the run.
describe.skipIf(typeof packages === "string")("the warehouse of examples/data", () => {
  let warehouse: string;
  beforeAll(() => {
    warehouse = join(folder, "whole.duckdb");
    run("load.py", warehouse);
  });

  test("every event is in it once, what can't be read is noted, and loading again changes nothing", () => {
    const distinct = new Set(told.map(({ record }) => (record as { event_id: string }).event_id));
    const loaded = content(warehouse);
    expect(told.length).toBeGreaterThan(distinct.size);
    expect(loaded.status_event).toHaveLength(distinct.size);
    expect(loaded.inbound).toHaveLength(4);
    expect(loaded.webhook_attempt).toHaveLength(6);
    expect(loaded.unreadable).toHaveLength(1);
    run("load.py", warehouse);
    expect(content(warehouse)).toEqual(loaded);
  });

  test("killed in the middle of loading, three times, it ends with the same rows", async () => {
    const file = join(folder, "killed.duckdb");
    for (const transactions of [2, 1, 3]) await killedAfter(transactions, file);
    const [before] = ask<{ n: number }>(file, "select count(*) as n from status_event");
    run("load.py", file);
    const after = content(file);
    expect(before!.n).toBeLessThan(after.status_event!.length);
    expect(after).toEqual(content(warehouse));
  });

  test("its funnel and error reasons are the read model's, campaign by campaign", async () => {
    const funnel = ask(warehouse, "select * exclude (sent) from funnel");
    const reasons = ask(
      warehouse,
      "select tenant, campaign, reason_code as code, sum(messages)::integer as count from error_reasons group by all order by code",
    );
    const isOf = (tenant: string, campaign: string) => (row: Record<string, unknown>) =>
      row.tenant === tenant && row.campaign === campaign;
    for (const tenant of tenants)
      for (const campaign of campaigns) {
        const { body } = await bench.get(`/v1/status/campaigns/${campaign}`, tenant);
        const { counts, errors } = body as {
          counts: Record<string, number>;
          errors: { code: string; count: number }[];
        };
        const sum = (...names: string[]) => names.reduce((all, name) => all + counts[name]!, 0);
        expect(funnel.filter(isOf(tenant, campaign))).toEqual([
          {
            tenant,
            campaign,
            messages: sum(...Object.keys(counts)),
            delivered: sum("delivered", "read", "played"),
            read: sum("read", "played"),
            failed: counts.failed,
            expired: counts.expired,
            cancelled: counts.cancelled,
            unknown: sum("in_doubt", "unconfirmed"),
            waiting: sum("accepted", "queued", "claimed"),
          },
        ]);
        expect(reasons.filter(isOf(tenant, campaign))).toEqual(
          errors
            .map(({ code, count }) => ({ tenant, campaign, code, count }))
            .sort((a, b) => (a.code < b.code ? -1 : 1)),
        );
      }
    expect(funnel.length).toBeGreaterThan(tenants.length * campaigns.length);
  });

  test("its times to read are those of the read model's messages", async () => {
    const items = await pages("/v1/status/messages", "acme");
    const spans = items
      .filter(({ campaign, status }) => campaign === "cmp_0" && ["read", "played"].includes(String(status)))
      .map(({ read_at, sent_at }) => (Date.parse(String(read_at)) - Date.parse(String(sent_at))) / 1_000)
      .sort((a, b) => a - b);
    const of = "where tenant = 'acme' and campaign = 'cmp_0'";
    const [row] = ask<{ read: number; median_s: number }>(
      warehouse,
      `select read, median_s from time_to_read ${of}`,
    );
    expect(row).toEqual({ read: spans.length, median_s: spans[Math.ceil(spans.length / 2) - 1] });
  });

  test("wa.usage, computed again from the statuses, is what the job told", async () => {
    const columns = "tenant, day, session, provider, category, messages, delivered, billable";
    const again = ask<Usage>(warehouse, `select ${columns} from usage_again order by all`);
    const latest = ask<Usage>(
      warehouse,
      `select ${columns} from usage_told where kind = 'messages' and messages + delivered + billable > 0 order by all`,
    );
    expect(again).toEqual(latest);
    expect(new Set(again.map(({ day }) => day)).size).toBeGreaterThan(1);
    expect(again.some(({ category }) => category === null)).toBe(true);
    const days = "select tenant, day, session from";
    const sessionDays = ask(warehouse, `${days} session_days_again order by all`);
    expect(sessionDays).toEqual(ask(warehouse, `${days} usage_told where kind = 'session_day' order by all`));
    expect(sessionDays.filter(({ tenant }) => tenant === "acme")).toHaveLength(3 + 2);
    // And what the API bills for the month.
    const { body } = await bench.get("/v1/status/usage?month=2026-11", "acme");
    const billed = (body as { items: { category: string; messages: number; billable: number }[] }).items;
    const costs = ask(
      warehouse,
      `select coalesce(category, '') as category, sum(messages)::integer as messages, sum(billable)::integer as billable from cost_by_category
       where tenant = 'acme' group by all order by all`,
    );
    expect(costs).toEqual(
      billed
        .map(({ category, messages, billable }) => ({ category, messages, billable }))
        .filter(({ messages }) => messages > 0)
        .sort((a, b) => (a.category < b.category ? -1 : 1)),
    );
  });

  test("filled from the read model alone it tells the same, and filling one that has the statuses changes nothing", async () => {
    const server = await listen(bench.api.app, { host: "127.0.0.1", port: 0 });
    const answers = (file: string) =>
      Object.fromEntries(
        ["funnel", "time_to_read", "error_reasons", "cost_by_category", "usage_again"].map((view) => [
          view,
          ask(file, `select * from ${view} where tenant = 'acme' order by all`),
        ]),
      );
    try {
      const env = { WAMESH: server.url, KEY: `wam_${keys.acme}_${secret}` };
      const late = join(folder, "late.duckdb");
      const before = answers(warehouse);
      await runBeside(env, "backfill.py", late);
      expect(answers(late)).toEqual(before);
      expect(
        ask(late, "select event_id from inbound union all select event_id from webhook_attempt"),
      ).toHaveLength(5);
      await runBeside(env, "backfill.py", warehouse);
      expect(answers(warehouse)).toEqual(before);
    } finally {
      await server.close();
    }
  });

  test("the consumer prints each event once, decoded through the registry", () => {
    const lines = run("consume.py", topics.messageInbound.name).trim().split("\n");
    const printed = lines.map((line) => JSON.parse(line) as { event_id: string; sender: { value: string } });
    expect(printed).toHaveLength(4);
    expect(printed[0]!.sender.value).toBe("+15550000001");
  });
});

async function pages(path: string, as: keyof typeof keys): Promise<Record<string, unknown>[]> {
  const all: Record<string, unknown>[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const more = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const { body } = await bench.get(`${path}?limit=200${more}`, as);
    const page = body as { items: Record<string, unknown>[]; next_cursor: string | null };
    all.push(...page.items);
    cursor = page.next_cursor;
  }
  return all;
}
