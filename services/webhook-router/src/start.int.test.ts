import { createHash, createHmac, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  type Codec,
  compactedKey,
  contentToken,
  createCodec,
  derivedUuid,
  eventHeaders,
  type MessageStatus,
  recipientToken,
  type SessionState,
  topics,
  type WebhookDelivery,
} from "@wamesh/events";
import type { Consumer, Producer } from "@wamesh/kafka";
import { hashCallbackSecret } from "@wamesh/providers";
import { type Log, loadSettings, processSettings, type RunningService } from "@wamesh/service";
import {
  deployTopics,
  type FreshDatabase,
  freshDatabase,
  keyConfig,
  messageStatus,
  outgoing,
  sessionState,
  stack,
  type TestKafka,
  tenantConfig,
  testKafka,
  until,
} from "@wamesh/testing";
import { hashSecret } from "@wamesh/vault";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { settings } from "./config.ts";
import { startWebhookRouter } from "./start.ts";

// The whole service on real servers, between a provider's POST and a tenant's endpoint.

const run = randomBytes(4).toString("hex");
const acme = `acme-${run}`;
const globex = `globex-${run}`;
const pepper = { id: "test", secret: "pepper-of-the-test-0123456789" };
const tokenKey = "token-key-of-the-test-0123456789";
const app = { id: "4001", secret: "app-secret", verifyToken: "verify-me" };
const callbackToken = randomBytes(16).toString("hex");
const numberId = `30${BigInt(`0x${run}`)}`;
const lateNumberId = `31${BigInt(`0x${run}`)}`;

let testing: TestKafka;
let codec: Codec;
let producer: Producer;
let database: FreshDatabase;
let router: RunningService;
let origin: string;
let receiver: Server;
const closers: (() => Promise<unknown> | unknown)[] = [];
const published: { statuses: MessageStatus[]; deliveries: WebhookDelivery[] } = {
  statuses: [],
  deliveries: [],
};
const posts: { path: string; headers: IncomingMessage["headers"]; body: string }[] = [];

beforeAll(async () => {
  await deployTopics();
  testing = await testKafka();
  codec = await createCodec({ registryUrl: stack().registryUrl });
  producer = testing.kafka.producer();
  database = await freshDatabase({
    migrations: [{ schema: "webhooks", dirs: [join(import.meta.dirname, "../migrations")] }],
  });
  await publishConfiguration();
  await startReceiver();
  await startRouter();
  await startWitness();
}, 120_000);

afterAll(async () => {
  await router?.stop();
  for (const close of closers.splice(0).reverse()) await close();
  receiver?.close();
  await producer?.close();
  await testing?.drop();
  await database?.drop();
});

async function startRouter(): Promise<void> {
  const env = {
    WAMESH_KAFKA_BROKERS: stack().kafkaBrokers,
    WAMESH_REGISTRY_URL: stack().registryUrl,
    WAMESH_POSTGRES_URL: database.appUrl("webhooks"),
    WAMESH_KEY_PEPPERS: `${pepper.id}:${pepper.secret}`,
    WAMESH_RECIPIENT_TOKEN_KEYS: `new:another-key-that-is-newest-0123,test:${tokenKey}`,
    WAMESH_CALLBACK_PEPPERS: "p1:callback-pepper-of-tests",
    WAMESH_META_APPS: `${app.id}:${app.secret}:${app.verifyToken}`,
    WAMESH_ENDPOINT_KEYS: `test:${randomBytes(32).toString("base64")}`,
    WAMESH_WEBHOOK_ALLOW: "127.0.0.1/32:*",
  };
  router = await startWebhookRouter({
    settings: loadSettings({ ...processSettings, ...settings }, env),
    instanceId: `test-${run}`,
    version: "test",
    log: silentLog,
    fatal: (error) => {
      throw error;
    },
    onStop: (close) => void closers.push(close),
    groups: testing.group(),
  });
  origin = router.http!.url;
}

const silentLog = Object.fromEntries(
  ["trace", "debug", "info", "warn", "error", "fatal"].map((level) => [
    level,
    (facts: { err?: unknown }, message: string) => {
      if (level === "error" || level === "fatal") console.error(message, facts.err ?? facts);
    },
  ]),
) as unknown as Log;

/** What the router told Kafka of our tenants. */
async function startWitness(): Promise<void> {
  const group = testing.group();
  const consumer: Consumer = await testing.kafka.consume({
    groupId: group,
    topics: [topics.messageStatus, topics.webhookDelivery],
    codec,
    deadLetter: { service: "test", producer },
    handle: async ({ topic, records }) => {
      for (const { record } of records) {
        if (record.tenant !== acme && record.tenant !== globex) continue;
        if (topic === topics.messageStatus.name) published.statuses.push(record as MessageStatus);
        else published.deliveries.push(record as WebhookDelivery);
      }
    },
  });
  closers.push(() => consumer.stop());
}

async function startReceiver(): Promise<void> {
  receiver = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      posts.push({
        path: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(parts).toString(),
      });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
}

function receiverUrl(path: string): string {
  return `http://127.0.0.1:${(receiver.address() as AddressInfo).port}${path}`;
}

const apiKeys = new Map<string, string>();

async function publishConfiguration(): Promise<void> {
  const records = [acme, globex].flatMap((tenant, index) => {
    const id = `${run}${index}`.padEnd(12, "0").slice(0, 12);
    const secret = randomBytes(32).toString("hex");
    apiKeys.set(tenant, `wam_${id}_${secret}`);
    const key = keyConfig({
      tenant,
      id,
      key_record: { secret_hashes: hashSecret([pepper], secret), scopes: ["*"] },
    });
    return [
      config(tenant, "tenant", tenant, codec.encode(topics.tenantConfig, tenantConfig({ tenant }))),
      config(tenant, "key", id, codec.encode(topics.tenantConfig, key)),
    ];
  });
  await producer.send(records);
  await publishSession(
    sessionState({ tenant: acme, session: `ses_a${run}`, account: `acc_a${run}`, provider_ref: numberId }),
  );
  await publishSession(
    sessionState({
      tenant: globex,
      session: `ses_g${run}`,
      account: `acc_g${run}`,
      provider: "wasender",
      provider_ref: `w${run}`,
      callback_token_hash: createHash("sha256").update(callbackToken).digest("hex"),
      callback_secret_hash: hashCallbackSecret("webhook-secret", {
        id: "p1",
        secret: "callback-pepper-of-tests",
      }),
    }),
  );
}

function config(tenant: string, kind: string, id: string, value: Buffer) {
  const key = compactedKey(tenant, kind, id);
  return outgoing(topics.tenantConfig, value, { tenant, partitions: 8, key, id: key });
}

async function publishSession(state: SessionState): Promise<void> {
  const key = compactedKey(state.tenant, "session", state.session);
  const value = codec.encode(topics.sessionState, state);
  await producer.send([
    outgoing(topics.sessionState, value, { tenant: state.tenant, partitions: 8, key, id: key }),
  ]);
}

/** As the dispatcher publishes it. */
async function publishStatus(status: MessageStatus): Promise<void> {
  const record = outgoing(topics.messageStatus, codec.encode(topics.messageStatus, status), {
    tenant: status.tenant,
    partitions: 8,
  });
  const headers = eventHeaders({
    id: status.event_id,
    type: `wamesh.message.${status.status}`,
    source: "/wamesh/dispatcher",
    timeMs: status.occurred_at,
    tenant: status.tenant,
    status: status.status,
  });
  await producer.send([{ ...record, headers }]);
}

function sentByMesh(over: Partial<MessageStatus>): MessageStatus {
  const now = Date.now();
  return messageStatus({
    tenant: acme,
    session: `ses_a${run}`,
    account: `acc_a${run}`,
    claimed_at: now,
    sent_at: now,
    occurred_at: now,
    content_token: null,
    ...over,
  });
}

const newMessageId = () => derivedUuid("message", randomBytes(8).toString("hex"));

function cloudStatus(messageId: string, status: string, over: object = {}): object {
  return {
    id: `wamid.${messageId}`,
    status,
    timestamp: String(Math.floor(Date.now() / 1000)),
    recipient_id: "15550000001",
    biz_opaque_callback_data: `${messageId}.1`,
    ...over,
  };
}

function cloudBody(changes: { number: string; value: object }[]): string {
  return JSON.stringify({
    object: "whatsapp_business_account",
    entry: changes.map(({ number, value }) => ({
      id: "waba-1",
      changes: [
        {
          field: "messages",
          value: {
            messaging_product: "whatsapp",
            metadata: { display_phone_number: "15559990001", phone_number_id: number },
            ...value,
          },
        },
      ],
    })),
  });
}

function postCloud(body: string, signature?: string): Promise<Response> {
  const valid = `sha256=${createHmac("sha256", app.secret).update(body).digest("hex")}`;
  return fetch(`${origin}/callbacks/cloud-api/${app.id}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-hub-signature-256": signature ?? valid },
    body,
  });
}

function postWasender(event: object, secret = "webhook-secret"): Promise<Response> {
  return fetch(`${origin}/callbacks/wasender/${callbackToken}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-webhook-signature": secret },
    body: JSON.stringify(event),
  });
}

async function api<Body>(
  tenant: string,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: Body }> {
  const response = await fetch(origin + path, {
    method,
    headers: { authorization: `Bearer ${apiKeys.get(tenant)}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === "" ? undefined : JSON.parse(text)) as Body };
}

const statusesOf = (id: string) => published.statuses.filter((status) => status.message_id === id);
const fromProvider = (id: string, status: string) =>
  statusesOf(id).find((one) => one.origin === "provider" && one.status === status);

describe("a callback", () => {
  it("is refused unless its exact bytes are signed", async () => {
    const body = cloudBody([{ number: numberId, value: { statuses: [] } }]);
    expect((await postCloud(body, "sha256=00")).status).toBe(401);
    expect(
      (await postCloud(`${body} `, `sha256=${createHmac("sha256", app.secret).update(body).digest("hex")}`))
        .status,
    ).toBe(401);
    expect((await postCloud(body)).status).toBe(200);
    expect((await postWasender({ event: "x", data: {} }, "wrong")).status).toBe(401);
    const unknown = await fetch(`${origin}/callbacks/wasender/nobody`, { method: "POST", body: "{}" });
    expect(unknown.status).toBe(401);
  });

  it("is verified by its challenge before Meta sends any", async () => {
    const ask = (token: string) =>
      fetch(
        `${origin}/callbacks/cloud-api/${app.id}?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=42`,
      );
    const answer = await ask(app.verifyToken);
    expect([answer.status, await answer.text()]).toEqual([200, "42"]);
    expect((await ask("guess")).status).toBe(401);
  });

  it("that is too large is refused", async () => {
    const answer = await postCloud("x".repeat(3 * 1024 * 1024 + 1));
    expect(answer.status).toBe(413);
  });
});

describe("a receipt", () => {
  it("becomes a whole status, whether it comes after the dispatcher's word or before", async () => {
    const [before, after] = [newMessageId(), newMessageId()];
    await publishStatus(
      sentByMesh({ message_id: before, provider_id: `wamid.${before}`, external_ref: "order 7" }),
    );
    const value = { statuses: [cloudStatus(before, "delivered"), cloudStatus(after, "delivered")] };
    expect((await postCloud(cloudBody([{ number: numberId, value }]))).status).toBe(200);
    await until(() => fromProvider(before, "delivered"), { what: "the receipt of the known message" });
    expect(fromProvider(after, "delivered")).toBeUndefined();

    await publishStatus(sentByMesh({ message_id: after, provider_id: `wamid.${after}` }));
    await until(() => fromProvider(after, "delivered"), { what: "the parked receipt" });
    expect(fromProvider(before, "delivered")).toMatchObject({
      tenant: acme,
      session: `ses_a${run}`,
      claim: 1,
      external_ref: "order 7",
      provider_id: `wamid.${before}`,
    });
  });

  it("of a number that is set up later finds its owner then", async () => {
    const id = newMessageId();
    const session = `ses_l${run}`;
    await postCloud(cloudBody([{ number: lateNumberId, value: { statuses: [cloudStatus(id, "read")] } }]));
    await publishStatus(sentByMesh({ message_id: id, session }));
    await publishSession(
      sessionState({ tenant: acme, session, account: `acc_a${run}`, provider_ref: lateNumberId }),
    );
    await until(() => fromProvider(id, "read"), { what: "the receipt of the late number" });
  });

  it("of WasenderApi finds its message through the own-message event, whatever comes first", async () => {
    const id = newMessageId();
    const key = `3EB0${randomBytes(6).toString("hex").toUpperCase()}`;
    const text = `Welcome #${run}`;
    const remoteJid = "15550000077@s.whatsapp.net";
    const update = (status: number) => ({
      event: "messages.update",
      sessionId: "api key",
      timestamp: Date.now(),
      data: { update: { status }, key: { id: key, remoteJid, fromMe: true } },
    });
    await postWasender(update(3));
    await postWasender({
      event: "messages.upsert",
      timestamp: Date.now(),
      data: { messages: [{ key: { id: key, remoteJid, fromMe: true }, message: { conversation: text } }] },
    });
    await postWasender({
      event: "message.sent",
      timestamp: Date.now(),
      data: {
        key: { id: key, remoteJid: "+15550000077", fromMe: true },
        message: { conversation: text },
        success: true,
      },
    });
    const person = { kind: "phone", value: "+15550000077" };
    await publishStatus(
      sentByMesh({
        tenant: globex,
        session: `ses_g${run}`,
        account: `acc_g${run}`,
        provider: "wasender",
        message_id: id,
        provider_id: "7001",
        recipient_token: recipientToken(tokenKey, globex, person),
        content_token: contentToken(tokenKey, globex, text),
      }),
    );
    await until(() => fromProvider(id, "delivered"), { what: "the receipt by WhatsApp's key" });
    expect(fromProvider(id, "reference")).toMatchObject({ provider_id: "7001", provider_key: key });
    await postWasender(update(4));
    await until(() => fromProvider(id, "read"), { what: "the next receipt by the same key" });
  });
});

describe("an endpoint", () => {
  it("gets each event of its tenant once, signed, and nothing of others", async () => {
    const made = await api<{ id: string; secret: string }>(acme, "POST", "/v1/endpoints", {
      url: receiverUrl("/acme"),
      events: ["message.sent", "message.delivered"],
    });
    expect(made.status).toBe(201);
    const id = newMessageId();
    const sent = sentByMesh({ message_id: id, provider_id: `wamid.${id}` });
    await publishStatus(sent);
    const value = {
      statuses: ["sent", "delivered", "read", "delivered"].map((status) => cloudStatus(id, status)),
    };
    await postCloud(cloudBody([{ number: numberId, value }]));
    await postCloud(cloudBody([{ number: numberId, value }]));
    await publishStatus(sent);
    await until(() => published.deliveries.filter((one) => one.message_id === id).length >= 2, {
      what: "both deliveries",
    });
    const bodies = posts.map((post) => ({ ...post, event: JSON.parse(post.body) }));
    const mine = bodies.filter(({ event }) => event.data.message_id === id);
    expect(mine.map(({ event }) => event.type)).toEqual(["message.sent", "message.delivered"]);
    for (const { headers, body, event } of mine) {
      const verified = new Webhook(made.body.secret).verify(body, headers as Record<string, string>);
      expect(verified).toEqual(event);
      expect(event.data).toMatchObject({ tenant: acme, session_id: `ses_a${run}`, claim: 1 });
    }
    expect(new Set(bodies.map(({ event }) => event.data.tenant))).toEqual(new Set([acme]));
    expect(published.deliveries.find((one) => one.message_id === id)).toMatchObject({
      endpoint: made.body.id,
      attempt: 1,
      outcome: "delivered",
      http_status: 204,
    });
  });

  it("is seen and changed by its tenant only", async () => {
    const { body } = await api<{ id: string }>(acme, "POST", "/v1/endpoints", {
      url: receiverUrl("/x"),
      events: ["message.read"],
    });
    const path = `/v1/endpoints/${body.id}`;
    expect((await api(globex, "GET", path)).status).toBe(404);
    expect((await api(globex, "PATCH", path, { status: "disabled" })).status).toBe(404);
    expect((await api(globex, "DELETE", path)).status).toBe(404);
    const theirs = await api<{ items: unknown[] }>(globex, "GET", "/v1/endpoints");
    expect(theirs.body.items).toEqual([]);
    const seen = await api<Record<string, unknown>>(acme, "GET", path);
    expect(seen.body).toMatchObject({ id: body.id, status: "active" });
    expect(seen.body).not.toHaveProperty("secret");
    const changed = await api(acme, "PATCH", path, { status: "disabled", sessions: [`ses_a${run}`] });
    expect(changed.body).toMatchObject({ status: "disabled", sessions: [`ses_a${run}`] });
    expect((await api(acme, "DELETE", path)).status).toBe(204);
    expect((await api(acme, "GET", path)).status).toBe(404);
  });

  it.each([
    ["an inner address", { url: "http://10.0.0.1/", events: ["message.read"] }, 400, "invalid_body"],
    [
      "another tenant's session",
      { url: "http://127.0.0.1/", events: ["message.read"], sessions: [`ses_g${run}`] },
      422,
      "unknown_session",
    ],
    ["an unknown event", { url: "http://127.0.0.1/", events: ["message.eaten"] }, 400, "invalid_body"],
    [
      "an unknown field",
      { url: "http://127.0.0.1/", events: ["message.read"], colour: 1 },
      400,
      "unknown_field",
    ],
  ])("with %s is refused", async (_what, body, status, code) => {
    const answer = await api<{ code: string }>(acme, "POST", "/v1/endpoints", body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});
