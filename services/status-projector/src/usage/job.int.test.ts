// What is told for bills, on a real Postgres; the broker is a list here, since what is sent is what is looked at.
import { type Codec, type SessionStatus, topics, type Usage } from "@wamesh/events";
import { sessionEvent, sessionState, testKafka, until } from "@wamesh/testing";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { entriesOf, messageIds, outbound, status } from "../arbitrary-history.ts";
import { type Bench, entries, now, openBench } from "../test-bench.ts";
import { startUsageJob, type UsageJob } from "./job.ts";

const [first, second] = messageIds as [string, string, string];
const pricing = { billable: true, model: "PMP", type: "regular", category: "marketing" };
const dayMs = 86_400_000;
let bench: Bench;
let broker: Awaited<ReturnType<typeof testKafka>>;
let codec: Codec;
let job: UsageJob;
let told: Usage[];

beforeAll(async () => {
  bench = await openBench();
  broker = await testKafka();
  codec = await broker.codec(topics.usage);
});
afterAll(async () => {
  await bench?.close();
  await broker?.drop();
});
beforeEach(async () => {
  await bench.empty();
  told = [];
  job = await startUsageJob({
    sql: bench.sql,
    codec,
    producer: {
      send: async (records) => {
        for (const { value } of records) {
          const decoded = await codec.decode(topics.usage, value as Buffer);
          if (decoded.ok) told.push(decoded.record);
        }
      },
    },
    partitions: 2,
    owner: "test",
    now: () => now,
    log: { error: (facts) => expect.fail(JSON.stringify(facts)) },
  });
});
afterEach(() => job.stop());

const sent = (id: string, more = {}) => [
  ...entriesOf(outbound("acme", id, { accepted_at: now - 2_000 })),
  ...entriesOf(status("acme", id, { status: "sent", at: now - 1_000 }, more)),
];

test("a day is told once, and again only when it changed", async () => {
  await bench.tell(...sent(first, { pricing }));
  expect(await job.round(3)).toBe(1);
  expect(await job.round(3)).toBe(0);
  await until(() => told.length === 1);
  const day = {
    tenant: "acme",
    kind: "messages",
    day: "2026-11-19",
    session: "ses_acme",
    category: "marketing",
  };
  expect(told[0]).toMatchObject({ ...day, messages: 1, delivered: 0, billable: 1 });
  await bench.tell(...sent(second, { pricing }));
  expect(await job.round(3)).toBe(1);
  await until(() => told.length === 2);
  expect(told[1]).toMatchObject({ ...day, usage_id: told[0]!.usage_id, messages: 2, billable: 2 });
  expect(told[1]!.counted_at).toBeGreaterThan(told[0]!.counted_at);
});

test("what moves to another category is told of both", async () => {
  await bench.tell(...sent(first));
  await job.round(3);
  await bench.tell(
    ...entriesOf(
      status("acme", first, { status: "delivered", origin: "provider", at: now - 500 }, { pricing }),
    ),
  );
  expect(await job.round(3)).toBe(2);
  await until(() => told.length === 3);
  expect(told.slice(1).map(({ category, messages, billable }) => [category, messages, billable])).toEqual([
    ["marketing", 1, 1],
    ["utility", 0, 0],
  ]);
});

test("a session that came and went between two looks has its days all the same", async () => {
  const at = (status: SessionStatus, occurred_at: number) =>
    entries(
      topics.sessionEvent,
      sessionEvent({ session: "a", kind: "status", status, occurred_at, event_id: `a-${status}` }),
    );
  await bench.tell(
    ...entries(topics.sessionState, sessionState({ session: "a", status: "deleted" })),
    ...at("created", now - 5 * dayMs),
    ...at("connected", now - 3 * dayMs),
    ...at("disconnected", now - 2 * dayMs),
    ...at("deleted", now - dayMs),
  );
  expect(await job.round(3)).toBe(0);
  expect(await job.round(31)).toBe(3);
  expect(await job.round(31)).toBe(0);
  await until(() => told.length === 3);
  expect(told.map(({ kind, day, session }) => [kind, day, session])).toEqual([
    ["session_day", "2026-11-17", "a"],
    ["session_day", "2026-11-18", "a"],
    ["session_day", "2026-11-19", "a"],
  ]);
});

test("a session's day is told once, unless it was never connected or is gone", async () => {
  await bench.tell(
    ...entries(topics.sessionState, sessionState({ session: "a" })),
    ...entries(topics.sessionState, sessionState({ session: "b", status: "created" })),
    ...entries(topics.sessionState, sessionState({ session: "c", status: "deleted" })),
  );
  expect(await job.round(3)).toBe(1);
  expect(await job.round(3)).toBe(0);
  await until(() => told.length === 1);
  expect(told[0]).toMatchObject({ kind: "session_day", day: "2026-11-20", session: "a", category: null });
});
