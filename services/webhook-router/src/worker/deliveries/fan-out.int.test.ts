import { join } from "node:path";
import { type InboundMessage, type MessageStatus, type SessionEvent, topics } from "@wamesh/events";
import type { Batch } from "@wamesh/kafka";
import { connect, type Sql, withTenants } from "@wamesh/store";
import {
  type FreshDatabase,
  freshDatabase,
  inboundMessage,
  messageStatus,
  sessionEvent,
  until,
} from "@wamesh/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deleteEndpoint, insertEndpoint } from "../endpoints/store.ts";
import { createFanOut, isUntold } from "./fan-out.ts";
import { listenForSignals, type Signal } from "./signal.ts";

let database: FreshDatabase;
let sql: Sql;
let fanOut: ReturnType<typeof createFanOut>;
let offset = 0;

beforeAll(async () => {
  const dirs = [join(import.meta.dirname, "../../../migrations")];
  database = await freshDatabase({ migrations: [{ schema: "webhooks", dirs }] });
  sql = connect({
    url: database.appUrl("webhooks"),
    schema: "webhooks",
    max: 5,
    applicationName: "test",
    tenants: "all",
  });
  fanOut = createFanOut({ sql, consumer: "test" });
});
afterAll(async () => {
  await sql?.end();
  await database?.drop();
});

async function endpoint(id: string, events: string[], over: { tenant?: string; sessions?: string[] } = {}) {
  const tenant = over.tenant ?? "acme";
  await withTenants(sql, [tenant], (tx) =>
    insertEndpoint(tx, {
      id,
      tenant,
      url: "http://x",
      events,
      sessions: over.sessions ?? null,
      description: "",
      secret: "",
    }),
  );
}

type Happening = MessageStatus | InboundMessage | SessionEvent;

function batchOf(topic: { name: string }, ...records: Happening[]): Batch<Happening> {
  const consumed = records.map((record) => ({
    offset: String(offset++),
    key: record.tenant,
    headers: {},
    value: null,
    timestampMs: 0,
    record,
  }));
  return {
    topic: topic.name,
    partition: 0,
    records: consumed,
    nextOffset: String(offset),
    clusterId: "test",
    signal: new AbortController().signal,
  };
}

const status = (message: string, over: Partial<MessageStatus> = {}) =>
  messageStatus({ message_id: message, ...over });

const rowsOf = (id: string) =>
  withTenants(
    sql,
    "all",
    (tx) => tx<{ subject: string; tenant: string }[]>`
      select subject, tenant from delivery where endpoint = ${id} order by seq`,
  );

describe("what happened", () => {
  it("becomes one row per endpoint of its tenant that asked for it", async () => {
    await endpoint("end_all", ["message.sent", "message.inbound", "session.status"]);
    await endpoint("end_one", ["message.sent"], { sessions: ["session-2"] });
    await endpoint("end_other", ["message.sent", "message.inbound", "session.status"], { tenant: "globex" });
    await fanOut(
      batchOf(
        topics.messageStatus,
        status("m1"),
        status("m2", { session: "session-2" }),
        status("m3", { status: "read" }),
      ),
    );
    await fanOut(batchOf(topics.messageInbound, inboundMessage()));
    await fanOut(batchOf(topics.sessionEvent, sessionEvent()));
    expect((await rowsOf("end_all")).map((row) => row.subject)).toEqual([
      "m1 message.sent",
      "m2 message.sent",
      inboundMessage().event_id,
      sessionEvent().event_id,
    ]);
    expect((await rowsOf("end_one")).map((row) => row.subject)).toEqual(["m2 message.sent"]);
    expect(await rowsOf("end_other")).toEqual([]);
  });

  it("twice, by the log or by another's word, becomes one row", async () => {
    await endpoint("end_twice", ["message.sent"]);
    const batch = batchOf(
      topics.messageStatus,
      status("m4"),
      status("m4", { origin: "provider", event_id: "other" }),
    );
    await fanOut(batch);
    await fanOut(batch);
    await fanOut(batchOf(topics.messageStatus, status("m4", { origin: "provider", event_id: "later" })));
    expect(await rowsOf("end_twice")).toHaveLength(1);
  });

  it("before an endpoint was made is not told to it, however often it is read", async () => {
    const batch = batchOf(topics.messageStatus, status("m5"));
    await fanOut(batch);
    await endpoint("end_late", ["message.sent"]);
    await fanOut(batch);
    expect(await rowsOf("end_late")).toEqual([]);
  });

  it("wakes the loop once the rows can be seen", async () => {
    const heard: Signal[] = [];
    const unlisten = await listenForSignals(sql, (signal) => heard.push(signal));
    await endpoint("end_wake", ["message.failed"]);
    await fanOut(batchOf(topics.messageStatus, status("m6", { status: "failed" })));
    await until(() => heard.some((one) => one.kind === "due" && one.endpoints?.includes("end_wake")));
    await unlisten();
  });

  it("moves the cursor on when there is nothing to tell", async () => {
    offset += 100;
    await fanOut(batchOf(topics.messageStatus));
    const [row] = await sql`select next_offset from stream_cursor where topic = ${topics.messageStatus.name}`;
    expect(row?.next_offset).toBe(offset);
  });

  it("goes with its endpoint when that is deleted", async () => {
    await endpoint("end_gone", ["message.sent"]);
    await fanOut(batchOf(topics.messageStatus, status("m7")));
    await withTenants(sql, ["acme"], (tx) => deleteEndpoint(tx, "acme", "end_gone"));
    expect(await rowsOf("end_gone")).toEqual([]);
  });
});

it("only what somebody could subscribe to is decoded", () => {
  expect(isUntold(() => "queued")).toBe(true);
  expect(isUntold(() => "sent")).toBe(false);
  expect(isUntold(() => undefined)).toBe(false);
});
