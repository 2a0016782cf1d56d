import { randomBytes } from "node:crypto";
import { join } from "node:path";
import {
  contentToken,
  derivedUuid,
  type InboundMessage,
  type MessageStatus,
  type ProviderCallback,
  recipientToken,
  type SessionEvent,
} from "@wamesh/events";
import type { OutgoingRecord } from "@wamesh/kafka";
import { splitCallback } from "@wamesh/providers";
import { connect, type Sql, unprotectedTables } from "@wamesh/store";
import { type FreshDatabase, freshDatabase, messageStatus, providerCallback } from "@wamesh/testing";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type CallbackStore, createCallbackStore } from "./store.ts";
import { createUnderstanding } from "./understand.ts";

let database: FreshDatabase;
let sql: Sql;
let store: CallbackStore;
const produced: { statuses: MessageStatus[]; inbound: InboundMessage[]; events: SessionEvent[] } = {
  ...{ statuses: [], inbound: [], events: [] },
};
const unknown: string[] = [];
const tokenKeys = ["new token key", "old token key"];
const numbers: Record<string, string> = { ses_gone: "n1", ses_other: "n2" };

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
  store = createCallbackStore(sql);
});
afterAll(async () => {
  await sql?.end();
  await database?.drop();
});
beforeEach(() => {
  produced.statuses = [];
  produced.inbound = [];
  produced.events = [];
  unknown.length = 0;
});

function understandingOn(over: Partial<CallbackStore> = {}) {
  const record = (value: unknown) => ({ value: Buffer.from(JSON.stringify(value)) }) as OutgoingRecord;
  return createUnderstanding({
    store: { ...store, ...over },
    records: {
      status: (status) => record({ status }),
      inbound: (inbound) => record({ inbound }),
      sessionEvent: (event) => record({ event }),
    },
    produce: async (records) => {
      for (const { value } of records) {
        const one = JSON.parse(String(value)) as {
          status?: MessageStatus;
          inbound?: InboundMessage;
          event?: SessionEvent;
        };
        if (one.event !== undefined) produced.events.push(one.event);
        if (one.status !== undefined) produced.statuses.push(one.status);
        if (one.inbound !== undefined) produced.inbound.push(one.inbound);
      }
    },
    tokenKeys,
    numberOf: (session) => numbers[session],
    owners: { sessionByDigits: () => undefined },
    unknown: (_provider, name) => void unknown.push(name),
  });
}

const newId = () => derivedUuid("test", randomBytes(8).toString("hex"));
const parkedBodies = async () =>
  (await sql<{ body: string }[]>`select body from parked`).map((row) => row.body);
const said = (id: string) =>
  produced.statuses.filter((one) => one.message_id === id).map((one) => one.status);

function cloudReceipt(
  id: string,
  status: string,
  over: Partial<ProviderCallback> = {},
  errors?: object[],
): ProviderCallback {
  const body = {
    object: "whatsapp_business_account",
    entry: [
      {
        id: "waba",
        changes: [
          {
            field: "messages",
            value: {
              metadata: { phone_number_id: "n1" },
              statuses: [
                {
                  id: `wamid.${id}`,
                  status,
                  timestamp: "1788000000",
                  recipient_id: "15550001111",
                  biz_opaque_callback_data: `${id}.1`,
                  errors,
                },
              ],
            },
          },
        ],
      },
    ],
  };
  const [item] = splitCallback("cloud_api", Buffer.from(JSON.stringify(body)));
  return providerCallback({ body: item!.body, callback_id: item!.dedupeKey, provider_ref: "n1", ...over });
}

const wasender = { provider: "wasender", session: "ses_w", account: "acc_w" } as const;
const digits = "5215512345678";

function wasenderCallback(event: object, receivedAt = Date.now()): ProviderCallback {
  const [item] = splitCallback("wasender", Buffer.from(JSON.stringify(event)), { scope: "ses_w" });
  return providerCallback({
    ...wasender,
    body: item!.body,
    callback_id: item!.dedupeKey,
    provider_ref: null,
    received_at: receivedAt,
  });
}

function ownMessage(key: string, text: string, receivedAt?: number): ProviderCallback {
  const remoteJid = `${digits}@s.whatsapp.net`;
  const messages = [{ key: { id: key, remoteJid, fromMe: true }, message: { conversation: text } }];
  return wasenderCallback(
    { event: "messages.upsert", timestamp: 1788000000, data: { messages } },
    receivedAt,
  );
}

function update(key: string, status: number): ProviderCallback {
  const data = { update: { status }, key: { id: key, remoteJid: `${digits}@s.whatsapp.net`, fromMe: true } };
  return wasenderCallback({ event: "messages.update", timestamp: 1788000000, data });
}

function wasenderSent(id: string, text: string, at = Date.now()): MessageStatus {
  return messageStatus({
    ...wasender,
    message_id: id,
    provider_id: `msg ${id}`,
    // Accepted under the older key, dispatched under the newer.
    recipient_token: recipientToken(tokenKeys[1]!, "acme", { kind: "phone", value: `+${digits}` }),
    content_token: contentToken(tokenKeys[0]!, "acme", text),
    claimed_at: at,
    sent_at: at,
  });
}

const cloudSent = (id: string, over: Partial<MessageStatus> = {}) =>
  messageStatus({ message_id: id, provider_id: `wamid.${id}`, content_token: null, ...over });

describe("whatever comes first, twice, or in any order", () => {
  it("the same statuses are published", async () => {
    const understanding = understandingOn();
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat()), async (chance) => {
        produced.statuses = [];
        const [cloud, first, second] = [newId(), newId(), newId()];
        const text = `same text ${first}`;
        const [k1, k2] = [`A${first}`, `B${first}`];
        const at = Date.now();
        type Step = { callback: ProviderCallback } | { status: MessageStatus };
        const steps: Step[] = [
          { status: cloudSent(cloud) },
          ...["sent", "delivered", "read"].map((status) => ({ callback: cloudReceipt(cloud, status) })),
          { status: wasenderSent(first, text, at) },
          { callback: ownMessage(k1, text) },
          { callback: update(k1, 3) },
          { callback: update(k1, 4) },
          { status: wasenderSent(second, `${text} 2`, at) },
          { callback: ownMessage(k2, `${text} 2`) },
          { callback: update(k2, 3) },
        ];
        const shuffled = [...steps, ...steps]
          .map((step) => ({ step, at: chance.next().value }))
          .sort((a, b) => a.at - b.at);
        for (const { step } of shuffled)
          if ("callback" in step) await understanding.callbacks([step.callback]);
          else await understanding.statuses([step.status]);

        const events = new Map(produced.statuses.map((one) => [one.event_id, one]));
        const summary = [...events.values()].map(
          (one) => `${one.message_id} ${one.status} ${one.provider_key ?? ""}`,
        );
        expect(summary.sort()).toEqual(
          [
            ...["sent", "delivered", "read"].map((status) => `${cloud} ${status} `),
            ...["reference", "delivered", "read"].map((status) => `${first} ${status} ${k1}`),
            ...["reference", "delivered"].map((status) => `${second} ${status} ${k2}`),
          ].sort(),
        );
        expect(await parkedBodies()).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it("both arriving at the same moment lose nothing", async () => {
    const understanding = understandingOn();
    const ids = Array.from({ length: 60 }, newId);
    await Promise.all(
      ids.flatMap((id) => [
        understanding.callbacks([cloudReceipt(id, "delivered")]),
        understanding.statuses([cloudSent(id)]),
      ]),
    );
    for (const id of ids) expect(new Set(said(id))).toEqual(new Set(["delivered"]));
    expect(await parkedBodies()).toEqual([]);
  });

  it("a crash between producing and committing repeats the same events", async () => {
    const id = newId();
    await understandingOn().callbacks([cloudReceipt(id, "delivered")]);
    const crashing = understandingOn({ unpark: () => Promise.reject(new Error("killed")) });
    await expect(crashing.statuses([cloudSent(id)])).rejects.toThrow("killed");
    await understandingOn().statuses([cloudSent(id)]);
    expect(said(id)).toEqual(["delivered", "delivered"]);
    expect(new Set(produced.statuses.map((one) => one.event_id)).size).toBe(1);
    expect(await parkedBodies()).toEqual([]);
  });
});

describe("WasenderApi", () => {
  it("the same text sent twice to one person gets the keys in the order of sending", async () => {
    const understanding = understandingOn();
    const [first, second] = [newId(), newId()];
    const text = `twice ${first}`;
    const at = Date.now();
    await understanding.statuses([wasenderSent(second, text, at + 50), wasenderSent(first, text, at)]);
    await understanding.callbacks([ownMessage(`1${first}`, text), ownMessage(`2${first}`, text)]);
    expect(produced.statuses.map((one) => [one.message_id, one.provider_key])).toEqual([
      [first, `1${first}`],
      [second, `2${first}`],
    ]);
  });

  /** As the dispatcher tells a key that it asked for. */
  const lookedUp = (of: MessageStatus, key: string): MessageStatus => ({
    ...of,
    status: "reference",
    origin: "provider",
    provider_key: key,
  });

  it("a key that was looked up lets go on what waited for it, whichever comes first", async () => {
    const understanding = understandingOn();
    for (const first of ["key", "receipts"]) {
      const id = newId();
      const sent = wasenderSent(id, `lost ${id}`);
      await understanding.statuses([sent]);
      if (first === "key") await understanding.statuses([lookedUp(sent, `L${id}`)]);
      await understanding.callbacks([update(`L${id}`, 3), update(`L${id}`, 4)]);
      if (first === "receipts") {
        expect(said(id)).toEqual([]);
        await understanding.statuses([lookedUp(sent, `L${id}`)]);
      }
      expect(said(id)).toEqual(["delivered", "read"]);
      // The event was late and not lost: it names the message that has its key by now.
      await understanding.callbacks([ownMessage(`L${id}`, `lost ${id}`)]);
      expect(said(id)).toEqual(["delivered", "read", "reference"]);
    }
    expect(await parkedBodies()).toEqual([]);
  });

  it("of two equal messages, the one whose event is lost does not keep the other's key", async () => {
    const understanding = understandingOn();
    const [first, second] = [newId(), newId()];
    const text = `equal ${first}`;
    const at = Date.now();
    const [one, other] = [wasenderSent(first, text, at), wasenderSent(second, text, at + 50)];
    await understanding.statuses([one, other]);
    // The first one's event never comes: the second one's key is taken for its own.
    await understanding.callbacks([ownMessage(`2${first}`, text)]);
    await understanding.statuses([lookedUp(other, `2${first}`), lookedUp(one, `1${first}`)]);
    produced.statuses = [];
    await understanding.callbacks([update(`2${first}`, 4), update(`1${first}`, 3)]);
    expect(produced.statuses.map((status) => [status.message_id, status.status])).toEqual([
      [second, "read"],
      [first, "delivered"],
    ]);
  });

  it("a message in doubt is recognised too, and its event says that it left", async () => {
    const understanding = understandingOn();
    const id = newId();
    const sent = wasenderSent(id, `doubt ${id}`);
    await understanding.statuses([{ ...sent, status: "in_doubt", provider_id: null, sent_at: null }]);
    await understanding.callbacks([ownMessage(`D${id}`, `doubt ${id}`)]);
    expect(produced.statuses).toMatchObject([
      { message_id: id, status: "reference", origin: "provider", claim: sent.claim, provider_key: `D${id}` },
    ]);
  });

  it("a failure that names no message marks none, and is the session's event, the same when it comes twice", async () => {
    const understanding = understandingOn();
    const id = newId();
    await understanding.statuses([wasenderSent(id, `fails ${id}`)]);
    const data = { success: false, error: "Failed to send message: Invalid number JID: +15550001111" };
    const callback = wasenderCallback({ event: "message.sent", timestamp: 1788000014, data });
    await understanding.callbacks([callback]);
    await understanding.callbacks([callback]);
    expect(said(id)).toEqual([]);
    expect(produced.events).toMatchObject([
      { kind: "send_failed", session: "ses_w", evidence: "callback", reason: { code: "provider_refused" } },
      {},
    ]);
    expect(produced.events[0]).toEqual(produced.events[1]);
    expect(JSON.stringify(produced.events)).not.toContain("5550001111");
  });

  it("an event that may be a doubt's or an equal message's confirms no doubt; a look-up tells which it was", async () => {
    const understanding = understandingOn();
    const [doubtful, second] = [newId(), newId()];
    const text = `again ${doubtful}`;
    const at = Date.now();
    const sent = wasenderSent(second, text, at + 50);
    const doubt = { ...wasenderSent(doubtful, text, at), provider_id: null, sent_at: null };
    await understanding.statuses([{ ...doubt, status: "unconfirmed" }, sent]);
    await understanding.callbacks([ownMessage(`S${second}`, text), update(`S${second}`, 3)]);
    expect(produced.statuses).toEqual([]);
    await understanding.statuses([lookedUp(sent, `S${second}`)]);
    expect(new Set(said(second))).toEqual(new Set(["reference", "delivered"]));
    expect(said(doubtful)).toEqual([]);
    // One that is left over can only be the doubt's.
    await understanding.callbacks([ownMessage(`D${doubtful}`, text)]);
    expect(said(doubtful)).toEqual(["reference"]);
  });

  it("what was typed on the phone is never taken for a message sent later", async () => {
    const understanding = understandingOn();
    const id = newId();
    const text = `typed ${id}`;
    await understanding.callbacks([ownMessage(`T${id}`, text, Date.now() - 60_000), update(`T${id}`, 3)]);
    await understanding.statuses([wasenderSent(id, text)]);
    expect(said(id)).toEqual([]);
    await understanding.callbacks([ownMessage(`K${id}`, text)]);
    expect(produced.statuses.map((one) => one.provider_key)).toEqual([`K${id}`]);
  });

  it("another text to the same person matches nothing", async () => {
    const understanding = understandingOn();
    const id = newId();
    await understanding.statuses([wasenderSent(id, `one ${id}`)]);
    await understanding.callbacks([ownMessage(`X${id}`, `other ${id}`), update(`X${id}`, 4)]);
    expect(said(id)).toEqual([]);
  });

  it("what waits names neither number nor text", async () => {
    const understanding = understandingOn();
    await understanding.callbacks([
      ownMessage("P", "private words"),
      update("P", 3),
      cloudReceipt(newId(), "read"),
    ]);
    const bodies = await parkedBodies();
    expect(bodies.length).toBeGreaterThanOrEqual(3);
    for (const body of bodies) expect(body).not.toMatch(/5512345678|15550001111|private/);
  });
});

describe("an echo", () => {
  it.each([
    ["of another tenant's message on another number", { session: "ses_other", tenant: "globex" }, []],
    ["for a number that has a new session since", { session: "ses_gone" }, ["read"]],
  ])("%s is taken only if it is about the same number", async (_what, owner, expected) => {
    const understanding = understandingOn();
    const id = newId();
    await understanding.statuses([cloudSent(id, owner)]);
    await understanding.callbacks([cloudReceipt(id, "read")]);
    expect(said(id)).toEqual(expected);
    expect(unknown.length).toBe(1 - expected.length);
  });
});

it("messages that failed after they were taken blame their session where it is to blame, once for all of a moment", async () => {
  const understanding = understandingOn();
  const ids = [newId(), newId(), newId()];
  const fails = (id: string, code: number) => cloudReceipt(id, "failed", {}, [{ code, title: "No" }]);
  const session = providerCallback({}).session!;
  await understanding.statuses(ids.map((message_id) => messageStatus({ message_id, session, claim: 1 })));
  await understanding.callbacks([fails(ids[0]!, 131026)]);
  expect(produced.events).toEqual([]);
  await understanding.callbacks(ids.slice(1).map((id) => fails(id, 190)));
  expect(produced.events).toMatchObject([
    { session, kind: "status", status: "auth_failed", evidence: "send" },
  ]);
  expect(ids.map(said)).toEqual([["failed"], ["failed"], ["failed"]]);
});

it("a reply names the message it answers", async () => {
  const understanding = understandingOn();
  const id = newId();
  await understanding.statuses([cloudSent(id)]);
  const value = {
    metadata: { phone_number_id: "n1" },
    contacts: [{ profile: { name: "Mara" }, wa_id: "15550001111" }],
    messages: [
      {
        from: "15550001111",
        id: "wamid.in",
        timestamp: "1788000000",
        type: "text",
        text: { body: "yes" },
        context: { id: `wamid.${id}` },
      },
    ],
  };
  const root = {
    object: "whatsapp_business_account",
    entry: [{ id: "waba", changes: [{ field: "messages", value }] }],
  };
  const [item] = splitCallback("cloud_api", Buffer.from(JSON.stringify(root)));
  await understanding.callbacks([providerCallback({ body: item!.body, callback_id: item!.dedupeKey })]);
  expect(produced.inbound).toMatchObject([
    { text: "yes", answers_message_id: id, sender: { value: "+15550001111" } },
  ]);
});

it.each([
  ["holds what no database takes", "a\0b"],
  ["is half a character", "\ud800"],
  ["is longer than any index takes", "漢".repeat(5_000)],
  ["is as long as an id may be", "漢".repeat(512)],
  ["is empty", ""],
])("an id that %s stops nothing", async (_what, odd) => {
  const understanding = understandingOn();
  const known = newId();
  await understanding.statuses([cloudSent(known)]);
  const value = {
    metadata: { phone_number_id: "n1" },
    contacts: [{ wa_id: odd, user_id: odd, profile: { name: odd } }],
    statuses: [
      { id: odd, status: "read", recipient_participant_id: odd, timestamp: odd },
      {
        id: odd,
        status: "failed",
        biz_opaque_callback_data: `${odd}.1`,
        errors: [{ code: odd, title: odd }],
      },
      { id: `wamid.${known}`, status: "delivered", biz_opaque_callback_data: `${known}.1` },
    ],
    messages: [
      { id: odd, from: odd, type: odd, context: { id: odd }, text: { body: odd } },
      { id: `in.${known}`, from: odd, from_user_id: odd, group_id: odd, type: "text", context: { id: odd } },
    ],
  };
  const own = { key: { id: odd, fromMe: true, remoteJid: `${digits}@c.us` }, message: { conversation: odd } };
  const cloud = splitCallback(
    "cloud_api",
    Buffer.from(JSON.stringify({ entry: [{ id: odd, changes: [{ field: odd, value }] }] })),
  );
  await understanding.callbacks([
    ...cloud.map((item) => providerCallback({ body: item.body, callback_id: item.dedupeKey })),
    wasenderCallback({ event: "messages.upsert", timestamp: odd, data: { messages: [own] } }),
    wasenderCallback({
      event: "messages.update",
      data: [{ key: { id: odd, remoteJid: odd }, update: { status: 3 } }],
    }),
  ]);
  expect(cloud).toHaveLength(5);
  expect(said(known)).toEqual(["delivered"]);
});

it("no table with a tenant's rows is left unprotected", async () => {
  expect(await unprotectedTables(sql, "webhooks")).toEqual([]);
});

it("what is too old is forgotten, and nothing else", async () => {
  const understanding = understandingOn();
  const [old, young] = [newId(), newId()];
  await understanding.statuses([cloudSent(old), cloudSent(young)]);
  await understanding.callbacks([cloudReceipt(newId(), "read")]);
  const parked = (await parkedBodies()).length;
  const admin = connect({ url: database.url, schema: "webhooks", max: 1, applicationName: "test" });
  await admin`update reference set recorded_at = clock_timestamp() - interval '46 days' where message_id = ${old}`;
  await admin`update parked set parked_at = clock_timestamp() - interval '71 hours'`;
  expect(await store.tidy()).toEqual({ references: 1, parked: 0 });
  await admin`update parked set parked_at = clock_timestamp() - interval '73 hours'`;
  expect(await store.tidy()).toEqual({ references: 0, parked });
  await admin.end();
});
