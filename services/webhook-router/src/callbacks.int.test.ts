import { createHash, createHmac, randomBytes } from "node:crypto";
import { join } from "node:path";
import {
  type Codec,
  compactedKey,
  createCodec,
  type InboundMessage,
  type SessionEvent,
  type SessionState,
  topics,
} from "@wamesh/events";
import type { Producer } from "@wamesh/kafka";
import { hashCallbackSecret } from "@wamesh/providers";
import { type Log, loadSettings, processSettings, type RunningService } from "@wamesh/service";
import {
  deployTopics,
  type FreshDatabase,
  freshDatabase,
  outgoing,
  sessionState,
  stack,
  type TestKafka,
  testKafka,
  until,
} from "@wamesh/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { settings } from "./config.ts";
import { startWebhookRouter } from "./start.ts";

// What providers say besides receipts, from a POST at the receiver to the worker's records, on real servers.

const run = randomBytes(4).toString("hex");
const digits = String(Number.parseInt(run, 16)).padStart(10, "0");
const acme = `acme-${run}`;
const globex = `globex-${run}`;
const app = { id: "4001", secret: "app-secret" };
const waba = { acme: `21${digits}`, globex: `22${digits}` };
const number = { acme: `31${digits}`, globex: `32${digits}` };
const ses = { acme: `ses_a${run}`, second: `ses_b${run}`, globex: `ses_g${run}`, wasender: `ses_w${run}` };
const token = randomBytes(16).toString("hex");
const AT = 1_788_000_000;

let testing: TestKafka;
let codec: Codec;
let producer: Producer;
let database: FreshDatabase;
let router: RunningService;
const closers: (() => Promise<unknown> | unknown)[] = [];
const inbound: InboundMessage[] = [];
const events: SessionEvent[] = [];

beforeAll(async () => {
  await deployTopics();
  testing = await testKafka();
  codec = await createCodec({ registryUrl: stack().registryUrl });
  producer = testing.kafka.producer();
  database = await freshDatabase({
    migrations: [{ schema: "webhooks", dirs: [join(import.meta.dirname, "../migrations")] }],
  });
  const cloud = { provider: "cloud_api", status: "connected" } as const;
  const ofAcme = { ...cloud, tenant: acme, account: `acc_a${run}`, account_ref: waba.acme };
  await publish({ ...ofAcme, session: ses.acme, provider_ref: number.acme, phone: "+15550009999" });
  await publish({ ...ofAcme, session: ses.second, provider_ref: `33${digits}`, phone: "+15550007777" });
  await publish({
    ...cloud,
    tenant: globex,
    session: ses.globex,
    account: `acc_g${run}`,
    account_ref: waba.globex,
    provider_ref: number.globex,
    phone: "+15550008888",
  });
  await publish({
    tenant: globex,
    session: ses.wasender,
    account: `acc_w${run}`,
    // The word of another provider for another account.
    account_ref: waba.acme,
    provider: "wasender",
    provider_ref: `w${run}`,
    callback_token_hash: createHash("sha256").update(token).digest("hex"),
    callback_secret_hash: hashCallbackSecret("webhook-secret", {
      id: "p1",
      secret: "callback-pepper-of-tests",
    }),
  });
  await startRouter();
  const consumer = await testing.kafka.consume({
    groupId: testing.group(),
    topics: [topics.messageInbound, topics.sessionEvent],
    codec,
    deadLetter: { service: "test", producer },
    handle: async ({ topic, records }) => {
      for (const { record } of records) {
        if (record.tenant !== acme && record.tenant !== globex) continue;
        if (topic === topics.messageInbound.name) inbound.push(record as InboundMessage);
        else events.push(record as SessionEvent);
      }
    },
  });
  closers.push(() => consumer.stop());
}, 120_000);

afterAll(async () => {
  await router?.stop();
  for (const close of closers.splice(0).reverse()) await close();
  await producer?.close();
  await testing?.drop();
  await database?.drop();
});

async function startRouter(): Promise<void> {
  router = await startWebhookRouter({
    settings: loadSettings(
      { ...processSettings, ...settings },
      {
        WAMESH_KAFKA_BROKERS: stack().kafkaBrokers,
        WAMESH_REGISTRY_URL: stack().registryUrl,
        WAMESH_POSTGRES_URL: database.appUrl("webhooks"),
        WAMESH_KEY_PEPPERS: "test:pepper-of-the-test-0123456789",
        WAMESH_RECIPIENT_TOKEN_KEYS: "test:token-key-of-the-test-0123456789",
        WAMESH_CALLBACK_PEPPERS: "p1:callback-pepper-of-tests",
        WAMESH_META_APPS: `${app.id}:${app.secret}:verify-me`,
        WAMESH_ENDPOINT_KEYS: `test:${randomBytes(32).toString("base64")}`,
      },
    ),
    instanceId: `test-${run}`,
    version: "test",
    log: silentLog,
    fatal: (error) => {
      throw error;
    },
    onStop: (close) => void closers.push(close),
    groups: testing.group(),
  });
}

const silentLog = Object.fromEntries(
  ["trace", "debug", "info", "warn", "error", "fatal"].map((level) => [level, () => {}]),
) as unknown as Log;

async function publish(over: Partial<SessionState>): Promise<void> {
  const state = sessionState(over);
  const key = compactedKey(state.tenant, "session", state.session);
  const place = { tenant: state.tenant, partitions: 8, key, id: key };
  await producer.send([outgoing(topics.sessionState, codec.encode(topics.sessionState, state), place)]);
}

async function postCloud(entry: object[]): Promise<void> {
  const body = JSON.stringify({ object: "whatsapp_business_account", entry });
  const signature = createHmac("sha256", app.secret).update(body).digest("hex");
  await post(`cloud-api/${app.id}`, body, { "x-hub-signature-256": `sha256=${signature}` });
}

function postWasender(event: object): Promise<void> {
  return post(`wasender/${token}`, JSON.stringify(event), { "x-webhook-signature": "webhook-secret" });
}

async function post(path: string, body: string, headers: Record<string, string>): Promise<void> {
  const url = `${router.http!.url}/callbacks/${path}`;
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  expect(answer.status).toBe(200);
}

const ofNumber = (account: string, phoneNumberId: string, value: object, field = "messages") => ({
  id: account,
  changes: [{ field, value: { metadata: { phone_number_id: phoneNumberId }, ...value } }],
});
const ofAccount = (account: string, field: string, value: object) => ({
  id: account,
  time: AT,
  changes: [{ field, value }],
});
const mara = { from: "15550001111", timestamp: String(AT) };

/** Each once: what is read twice is told twice, under the same id. */
function once<Record_ extends { event_id: string }>(records: readonly Record_[]): Record_[] {
  return [...new Map(records.map((record) => [record.event_id, record])).values()];
}

describe("one POST of Meta's that mixes accounts, numbers and fields", () => {
  beforeAll(async () => {
    const text = { ...mara, id: `wamid.${run}.1`, type: "text", text: { body: "Hello" } };
    const entry = [
      ofNumber(waba.acme, number.acme, {
        contacts: [{ wa_id: mara.from, user_id: "US.8a1B", profile: { name: "Mara", username: "mara" } }],
        messages: [
          { ...text, group_id: "group-1" },
          { ...text, id: `wamid.${run}.2`, type: "hologram", text: undefined },
          "junk",
          { ...text, id: `wamid.${run}.3`, type: "image", image: { id: "9001", mime_type: "image/jpeg" } },
        ],
      }),
      "junk",
      ofNumber(
        waba.globex,
        number.globex,
        {
          user_preferences: [
            { wa_id: mara.from, category: "marketing_messages", value: "stop", timestamp: AT },
          ],
        },
        "user_preferences",
      ),
      ofNumber(
        waba.globex,
        number.globex,
        { calls: [{ ...mara, id: `wacid.${run}`, event: "connect", direction: "USER_INITIATED" }] },
        "calls",
      ),
      ofNumber(
        waba.globex,
        number.globex,
        { message_echoes: [{ from: "15550008888", to: mara.from, id: "wamid.E", type: "text" }] },
        "smb_message_echoes",
      ),
      ofAccount(waba.acme, "message_template_status_update", {
        event: "PAUSED",
        message_template_id: 594425479261596,
        message_template_name: "welcome",
        message_template_language: "en_US",
      }),
      ofAccount(waba.acme, "phone_number_quality_update", {
        display_phone_number: "+1 555-000-7777",
        event: "FLAGGED",
      }),
      ofAccount(waba.globex, "business_capability_update", {
        max_daily_conversations_per_business: "TIER_2K",
      }),
      ofAccount(waba.globex, "account_update", { event: "ACCOUNT_VIOLATION" }),
      ofAccount(waba.globex, "brand_new_field", { event: "X", who: { name: "Mara", phone: mara.from } }),
      ofNumber(waba.globex, number.globex, { errors: [{ code: 130429, title: "Rate limit hit" }] }),
    ];
    await postCloud(entry as object[]);
    // As after a restart, or when another app's receiver failed.
    await postCloud(entry as object[]);
    await until(() => once(inbound).length >= 5 && once(events).length >= 9, {
      what: "the records of all items",
    });
  }, 60_000);

  it("becomes what people did, each with its tenant and session", () => {
    const told = once(inbound).filter((one) => one.provider === "cloud_api");
    expect(told.map(({ tenant, session, kind }) => [tenant, session, kind])).toEqual(
      expect.arrayContaining([
        [acme, ses.acme, "text"],
        [acme, ses.acme, "other"],
        [acme, ses.acme, "image"],
        [globex, ses.globex, "preference"],
        [globex, ses.globex, "call"],
      ]),
    );
    expect(told).toHaveLength(5);
    const one = (kind: string) => told.find((record) => record.kind === kind);
    expect(one("text")).toMatchObject({
      group: "group-1",
      identities: [
        { kind: "phone", value: "+15550001111" },
        { kind: "bsuid", value: "US.8a1B" },
        { kind: "username", value: "mara" },
      ],
    });
    expect(one("other")?.payload).toContain("hologram");
    expect(one("image")?.media).toMatchObject({ provider_id: "9001", mime_type: "image/jpeg" });
    expect(one("preference")).toMatchObject({
      preference: { scope: "marketing", opted_out: true },
      occurred_at: AT * 1000,
    });
    expect(one("text")?.conversation_id).not.toBe(one("image")?.conversation_id);
  });

  it("becomes what happened to numbers and accounts; what names its number as people write it is that number's", () => {
    const told = once(events).map(({ tenant, session, account, kind, value }) =>
      [tenant, session, account, kind, value].join(" "),
    );
    const of = { acme: `acc_a${run}`, globex: `acc_g${run}` };
    expect(told.sort()).toEqual(
      [
        `${acme}  ${of.acme} template status`,
        `${acme} ${ses.second} ${of.acme} quality red`,
        `${acme} ${ses.acme} ${of.acme} other unreadable`,
        `${globex}  ${of.globex} limit TIER_2K`,
        `${globex}  ${of.globex} account ACCOUNT_VIOLATION`,
        `${globex}  ${of.globex} other brand_new_field`,
        `${globex} ${ses.globex} ${of.globex} other echo.text`,
        `${globex} ${ses.globex} ${of.globex} throttled `,
        // Without a time or an id, each arrival is news.
        `${globex} ${ses.globex} ${of.globex} throttled `,
      ].sort(),
    );
    expect(events.find(({ kind }) => kind === "template")).toMatchObject({
      template: { name: "welcome", language: "en_US", event: "status", status: "paused" },
      occurred_at: AT * 1000,
    });
    expect(events.find(({ kind }) => kind === "throttled")?.reason).toMatchObject({
      provider_code: "130429",
      fault_class: "pace",
    });
  });

  it("tells nobody's number or words in what everybody reads", () => {
    expect(events.length).toBeGreaterThan(0);
    expect(JSON.stringify(events)).not.toMatch(/15550001111|Mara|Hello/);
  });
});

describe("WasenderApi's events", () => {
  const key = { id: `3A${run}`, fromMe: false, remoteJid: "98@lid", senderPn: "15550001111@s.whatsapp.net" };
  const kinds = () => once(inbound).filter(({ session }) => session === ses.wasender);

  it("become what people did, once each, and states of their own session only", async () => {
    const edited = { protocolMessage: { key: { id: "3A0" }, editedMessage: { conversation: "fixed" } } };
    const message = { key, message: edited, messageTimestamp: AT };
    const all: object[] = [
      { event: "messages.received", timestamp: AT, data: { messages: message } },
      { event: "messages.upsert", timestamp: AT, data: { messages: [message] } },
      { event: "messages.delete", timestamp: AT, data: { keys: [key] } },
      {
        event: "poll.results",
        timestamp: AT,
        data: {
          key: { id: "P", remoteJid: "1@g.us" },
          pollResult: [{ name: "Red", voters: ["15550001111@c.us", "98@lid"] }],
        },
      },
      { event: "call", data: { call: { id: "C", from: "98@lid", status: "offer" } } },
      { event: "qrcode.updated", sessionId: "k".repeat(64), data: { qr: "2@AbCdEfGhIjKlMnOpQrStUvWx" } },
      { event: "groups.update", sessionId: "k".repeat(64), data: [{ id: "1@g.us", subject: "Secret" }] },
      { event: "session.status", data: { status: "NEED_PASSKEY" } },
    ];
    for (const event of all) await postWasender(event);
    const mine = () => once(events).filter(({ session }) => session === ses.wasender);
    await until(() => kinds().length >= 5 && mine().length >= 2, { what: "the records of all events" });
    expect(
      kinds()
        .map(({ tenant, kind }) => `${tenant} ${kind}`)
        .sort(),
    ).toEqual(["call", "delete", "edit", "poll_vote", "poll_vote"].map((kind) => `${globex} ${kind}`));
    expect(kinds().find(({ kind }) => kind === "edit")).toMatchObject({
      text: "fixed",
      answers_provider_id: "3A0",
      sender: { kind: "phone", value: "+15550001111" },
      identities: [
        { kind: "phone", value: "+15550001111" },
        { kind: "lid", value: "98@lid" },
      ],
    });
    expect(new Set(kinds().map(({ conversation_id }) => conversation_id)).size).toBeGreaterThan(1);
    const votes = kinds().filter(({ kind }) => kind === "poll_vote");
    expect(new Set(votes.map((vote) => vote.conversation_id)).size).toBe(1);
    expect(
      mine()
        .map(({ kind, value }) => `${kind} ${value}`)
        .sort(),
    ).toEqual(["other groups.update", "other need_passkey"]);
    expect(JSON.stringify(events)).not.toMatch(/Secret|2@AbCd|kkkk/);
  });
});

it("what should name its number and does not is kept as the account's, and is guessed to be nobody's", async () => {
  const before = events.length;
  // Receipt and message without metadata: the account is known, the number is not.
  const value = { statuses: [{ id: "w", status: "read" }], messages: [{ ...mara, id: "x", type: "text" }] };
  await postCloud([{ id: waba.acme, changes: [{ field: "messages", value }] }]);
  const mine = () => events.slice(before).filter(({ tenant }) => tenant === acme);
  await until(() => once(mine()).length >= 2, { what: "both kept" });
  expect(
    once(mine())
      .map(({ session, kind, value: word }) => `${session}|${kind}|${word}`)
      .sort(),
  ).toEqual(["|other|inbound without a number", "|other|receipt without a number"]);
});
