/**
 * Unique secrets, numbers and texts are planted, and traffic of all kinds is driven through the mesh, failures first of all.
 * Then everything it leaves behind is searched: secrets stand nowhere, numbers and texts only where docs/architecture.md says.
 */
import { createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createCodec, eventHeaders, partition, topics } from "@wamesh/events";
import { openKafka } from "@wamesh/kafka";
import { beforeAll, expect, it } from "vitest";
import {
  api,
  type CloudSession,
  cloudSession,
  connected,
  http,
  mesh,
  newTenant,
  reaches,
  sim,
  until,
} from "./fixture.ts";
import { metrics, type Place, records, rows, serverLogs, serviceLogs, spans } from "./haystack.ts";

const hex = randomBytes(6).toString("hex");
const digits = String(Number.parseInt(hex.slice(0, 6), 16) % 10 ** 5).padStart(5, "3");
const word = (what: string) => `canary${what}${hex}`;

/** A person's number, E.164. */
const numbers = {
  recipient: `+155571${digits}`.slice(0, 12),
  otherRecipient: `+155572${digits}`.slice(0, 12),
  customer: `+155573${digits}`.slice(0, 12),
  ofEvent: `+155574${digits}`.slice(0, 12),
  impossible: `+999${digits}${digits}`,
};
const texts = {
  variable: word("variable"),
  text: word("text"),
  inbound: word("inbound"),
  ofEvent: word("ofevent"),
  refused: word("refused"),
  broken: word("broken"),
};
/** Filled while things are made. */
const secrets: Record<string, string> = {
  accessToken: `EAA${word("token")}`,
  badToken: `EAA${word("badtoken")}`,
  qr: `2@${word("qr")}${randomBytes(18).toString("base64")}`,
};

/** Where a person's number or what they write may stand; everywhere else there is a token, or nothing. */
const allowed: Record<string, { numbers?: true; texts?: true }> = {
  // What is asked for, and what is to be sent.
  [topics.domainEvent.name]: { numbers: true, texts: true },
  [topics.outboundOtp.name]: { numbers: true, texts: true },
  [topics.outboundStandard.name]: { numbers: true, texts: true },
  [topics.outboundBulk.name]: { numbers: true, texts: true },
  // What people answer, on its way.
  [topics.providerCallback.name]: { numbers: true, texts: true },
  [topics.providerUnrouted.name]: { numbers: true, texts: true },
  [topics.messageInbound.name]: { numbers: true, texts: true },
  // The bytes of what could not be read or done.
  [topics.dead.name]: { numbers: true, texts: true },
  // Whether a person may be written to is about their number.
  [topics.contactConsent.name]: { numbers: true },
  // The schedule until sent, bodies for replay, and the read model.
  "dispatch.pending.payload": { numbers: true, texts: true },
  "webhooks.delivery.body": { numbers: true, texts: true },
  "projection.message.recipient": { numbers: true },
  "projection.inbound.sender": { numbers: true },
  "projection.inbound.text": { texts: true },
};

let places: Place[];
const errors: string[] = [];
const spanTrace = randomBytes(16).toString("hex");

/** As a client does it; what it is told when it is refused is kept. */
async function call(method: string, path: string, options: Parameters<typeof http>[2] = {}) {
  const answer = await http(method, mesh().origin + path, options);
  if (answer.status >= 400) errors.push(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

beforeAll(async () => {
  for (const [name, value] of Object.entries(JSON.parse(readFileSync(mesh().secrets, "utf8"))))
    secrets[name] = String(value).replace(/^wam_[a-z0-9]+_/, "");
  for (const [name, file] of Object.entries(mesh().rings))
    for (const [place, key] of readFileSync(file, "utf8").split(",").entries())
      secrets[`${name} ring key ${place}`] = key.split(":")[1]!;
  const tenant = await newTenant("canary");
  const { key } = tenant;
  secrets.apiKey = key.split("_")[2]!;
  const cloud = await cloudSession(tenant, { accessToken: secrets.accessToken! });
  const wasender = await wasenderSession(tenant);
  secrets.wasenderKey = wasender.apiKey;
  secrets.webhookSecret = wasender.secret;
  secrets.callbackToken = wasender.callbackUrl.split("/").at(-1)!;
  const endpoint = await api<{ secret: string }>("POST", "/v1/endpoints", {
    key,
    // Nobody listens there, so deliveries fail.
    body: { url: "http://127.0.0.1:9/canary", events: ["message.read", "message.inbound"] },
  });
  secrets.endpointSecret = endpoint.secret;

  await sendAll(key, cloud.session, wasender.session);
  await beRefused(key, tenant.id);
  await callBack(cloud, wasender);
  await loseRecords(tenant.id);
  await useBadToken(key, cloud);
  await collect(key, tenant.id);
}, 180_000);

async function wasenderSession(tenant: { id: string; key: string }) {
  await sim("POST", "/_sim/wasender/accounts", { pat: `pat-${tenant.id}` });
  const made = await sim<{ id: number; api_key: string; webhook_secret: string }>(
    "POST",
    "/_sim/wasender/sessions",
    {
      pat: `pat-${tenant.id}`,
      name: "main",
      phone_number: `+155575${digits}`.slice(0, 12),
      status: "connected",
    },
  );
  const { id, callback_url: callbackUrl } = await api<{ id: string; callback_url: string }>(
    "POST",
    "/v1/sessions",
    {
      key: tenant.key,
      body: {
        name: "web",
        provider: "wasender",
        pools: ["web"],
        rate_per_s: 4,
        wasender: { session_id: made.id, api_key: made.api_key, webhook_secret: made.webhook_secret },
      },
    },
  );
  await sim("PUT", `/_sim/wasender/sessions/${made.id}`, { webhook_url: callbackUrl });
  await connected(tenant.key, id);
  return { session: id, id: made.id, apiKey: made.api_key, secret: made.webhook_secret, callbackUrl };
}

const template = (variable: string) => ({ name: "welcome", language: "en_US", variables: [variable] });

async function sendAll(key: string, cloud: string, web: string): Promise<void> {
  const send = (body: object) => api<{ id: string }>("POST", "/v1/messages", { key, body });
  const sent = [
    await send({ to: numbers.recipient, session_id: cloud, template: template(texts.variable) }),
    await send({ to: numbers.otherRecipient, session_id: web, text: { body: texts.text } }),
    // Waits in the schedule until after the search.
    await send({
      to: numbers.recipient,
      session_id: cloud,
      template: template(texts.variable),
      send_at: new Date(Date.now() + 3_600_000).toISOString(),
    }),
  ];
  await api("POST", "/v1/rules", {
    key,
    body: {
      name: "welcome",
      event_type: "signed_up",
      message: {
        to: { path: "data.phone" },
        session_id: cloud,
        template: { ...template(""), variables: [{ path: "data.name" }] },
      },
    },
  });
  const event = (id: string, data: object) =>
    api("POST", "/v1/events", {
      key,
      body: { specversion: "1.0", id: `${id}-${hex}`, source: "/canary", type: "signed_up", data },
    });
  await event("whole", { phone: numbers.ofEvent, name: texts.ofEvent });
  await event("no-name", { phone: numbers.ofEvent, nickname: texts.ofEvent });
  await event("no-phone", { phone: `tel ${numbers.ofEvent} please`, name: texts.ofEvent });
  for (const { id } of sent.slice(0, 2)) await reaches({ key }, id, ["read"], 60_000);
}

/** Requests that are wrong in every way, with what must not be repeated in them. */
async function beRefused(key: string, tenant: string): Promise<void> {
  const body = { to: numbers.recipient, text: { body: texts.refused }, [word("field")]: texts.refused };
  const apiKey = secrets.apiKey!;
  await call("POST", "/v1/messages", { key, body });
  await call("POST", "/v1/messages", { key, body: { to: numbers.impossible, template: template("x") } });
  await call("POST", "/v1/messages", {
    key,
    body: { to: numbers.recipient, text: { body: [texts.refused] } },
  });
  await call("POST", "/v1/messages", { key, body: `{"to":"${numbers.recipient}","text":"${texts.broken}` });
  await call("POST", "/v1/messages/batch", { key, body: { messages: [body, { to: numbers.impossible }] } });
  await call("GET", `/v1/rules?api_key=${key}`, { key });
  await call("GET", `/v1/status/messages/${encodeURIComponent(numbers.recipient)}`, { key });
  await call("GET", `/v1/${apiKey}`, { key });
  for (const path of ["/v1/rules", "/v1/keys", "/v1/endpoints", "/v1/status/counters"]) {
    await call("GET", path, { headers: { authorization: `Bearer ${key} ` } });
    await call("GET", path, { headers: { authorization: `Basic ${apiKey}` } });
    await call("GET", path, { key, tenant: `${tenant} ${apiKey}` });
  }
  await call("POST", "/v1/sessions", {
    key,
    body: {
      name: "n",
      provider: "cloud_api",
      cloud_api: { access_token: secrets.accessToken, waba_id: "x" },
    },
  });
  const repeated = { key, headers: { "idempotency-key": `twice-${hex}` } };
  const first = { to: numbers.recipient, template: template("x"), send_at: "2099-01-01T00:00:00Z" };
  await call("POST", "/v1/messages", { ...repeated, body: first });
  await call("POST", "/v1/messages", { ...repeated, body: { ...first, to: numbers.otherRecipient } });
  expect(errors.length).toBeGreaterThanOrEqual(15);
}

/** What providers tell us, true and false, with their secrets where they put them. */
async function callBack(
  cloud: { sender: string },
  wasender: { id: number; apiKey: string; secret: string; callbackUrl: string },
): Promise<void> {
  const from = numbers.customer;
  await sim("POST", "/_sim/inbound", {
    ...{ provider: "cloud_api", phone_number_id: cloud.sender, from, text: texts.inbound },
  });
  await sim("POST", "/_sim/inbound", {
    provider: "wasender",
    session_id: wasender.id,
    from,
    text: texts.inbound,
  });

  const url = new URL(wasender.callbackUrl).pathname;
  const web = (body: unknown, signature = wasender.secret) =>
    call("POST", url, { headers: { "x-webhook-signature": signature }, body });
  const sessionId = wasender.apiKey;
  await web({ event: "qrcode.updated", sessionId, data: { qr: secrets.qr } });
  await web({ event: "session.status", sessionId, data: { status: "connected", session_id: sessionId } });
  await web({ event: "something.new", sessionId, data: { note: texts.inbound, key: sessionId } });
  await web({ event: "message.sent", sessionId, data: { key: null, message: texts.inbound } });
  await web(`{"event":"qrcode.updated","sessionId":"${sessionId}","data":{"qr":"${secrets.qr}`);
  await web({ event: "session.status", sessionId, data: {} }, secrets.accessToken);

  const meta = (body: unknown, secret = mesh().metaApp.secret) => {
    const text = JSON.stringify(body);
    const signature = createHmac("sha256", secret).update(text).digest("hex");
    return call("POST", `/callbacks/cloud-api/${mesh().metaApp.id}`, {
      headers: { "x-hub-signature-256": `sha256=${signature}` },
      body: text,
    });
  };
  const message = (phoneNumberId: string) => ({
    object: "whatsapp_business_account",
    entry: [
      {
        id: "29999999",
        changes: [
          {
            field: "messages",
            value: {
              messaging_product: "whatsapp",
              metadata: { display_phone_number: "15550000000", phone_number_id: phoneNumberId },
              contacts: [{ profile: { name: "N" }, wa_id: from.slice(1) }],
              messages: [
                {
                  from: from.slice(1),
                  id: `wamid.${hex}`,
                  timestamp: "1700000000",
                  type: "text",
                  text: { body: texts.inbound },
                },
              ],
            },
          },
        ],
      },
    ],
  });
  await meta(message("39999999"));
  await meta(message(cloud.sender), "not the secret");
  await meta({ object: "whatsapp_business_account", entry: [{ id: "1", changes: texts.broken }] });
  await call(
    "GET",
    `/callbacks/cloud-api/${mesh().metaApp.id}?hub.mode=subscribe&hub.challenge=1&hub.verify_token=${secrets.accessToken}`,
  );
}

/** Records that nobody can read, or that say two things. */
async function loseRecords(tenant: string): Promise<void> {
  const kafka = openKafka({ brokers: mesh().kafkaBrokers, clientId: "canary", log: () => {} });
  const codec = await createCodec({ registryUrl: mesh().registryUrl });
  const producer = await kafka.producer();
  const lose = (topic: string, value: Uint8Array, named = tenant) =>
    producer.send([
      {
        topic,
        partition: partition(tenant, 8),
        key: tenant,
        value: Buffer.from(value),
        headers: eventHeaders({
          id: randomBytes(8).toString("hex"),
          type: "test",
          source: "/test",
          timeMs: Date.now(),
          tenant: named,
        }),
      },
    ]);
  try {
    const broken = Buffer.from(`${numbers.recipient} ${texts.broken}`);
    for (const { name } of [topics.outboundStandard, topics.domainEvent, topics.providerCallback])
      await lose(name, broken);
    const event = {
      ...{ tenant, event_id: `other-${hex}`, source: "/canary", type: "signed_up", subject: null },
      ...{ occurred_at: Date.now(), received_at: null },
      data: JSON.stringify({ phone: numbers.ofEvent, name: texts.ofEvent }),
    };
    await lose(topics.domainEvent.name, codec.encode(topics.domainEvent, event), "somebody-else");
  } finally {
    await producer.close();
  }
}

/** Credentials that the provider refuses: a good one that ends while messages are sent, and a bad one on the first probe. */
async function useBadToken(key: string, { session, waba, sender }: CloudSession): Promise<void> {
  const path = `/v1/sessions/${session}`;
  const foundOut = (evidence: string) =>
    until(`the bad token to be found out by a ${evidence}`, async () => {
      const now = await api<{ status: string; status_evidence: string }>("GET", path, { key });
      return now.status === "auth_failed" && now.status_evidence === evidence ? true : undefined;
    });
  await sim("POST", "/_sim/wabas", {
    waba_id: waba,
    app_id: mesh().metaApp.id,
    token: "another one",
    numbers: [{ phone_number_id: sender, display_phone_number: "+15550000000", rate_per_s: 80 }],
    templates: [{ name: "welcome", language: "en_US", category: "UTILITY", body_params: 1 }],
  });
  const body = { to: numbers.otherRecipient, session_id: session, template: template(texts.variable) };
  await api("POST", "/v1/messages", { key, body });
  await foundOut("send");
  const credentials = { cloud_api: { access_token: secrets.badToken } };
  await call("PUT", `${path}/credentials`, { key, body: credentials });
  await foundOut("probe");
}

/** Waits until the last of it has been written down, and reads it all. */
async function collect(key: string, tenant: string): Promise<void> {
  await until("what people wrote to be delivered in vain", async () => {
    const found = (await rows()).find(({ place }) => place === "webhooks.delivery.body");
    return found?.text.includes(texts.inbound) ? true : undefined;
  });
  // The last request of each service: with its span, all spans before it have been exported.
  const traceparent = `00-${spanTrace}-${"1".repeat(16)}-01`;
  for (const path of ["/v1/rules", "/v1/keys", "/v1/endpoints", "/v1/status/counters"])
    await call("GET", path, { key, headers: { traceparent } });
  await until("the last spans", async () =>
    spans().text.split(spanTrace).length > 4 && spans().text.includes("wamesh-dispatcher") ? true : undefined,
  );
  places = [
    ...serviceLogs(),
    ...serverLogs(),
    ...(await metrics()),
    spans(),
    ...(await records()),
    ...(await rows()),
    { place: "answers to refused requests", text: errors.join("\n") },
  ];
  expect(places.find(({ place }) => place === "log of ingest")?.text).toContain(tenant);
}

/** As it is, and as it would look inside JSON, base64 or Postgres' hexadecimal bytes. */
function spellings(value: string): string[] {
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.from(`${"x".repeat(shift)}${value}`)
      .toString("base64")
      .slice(shift === 0 ? 0 : 4, -4),
  );
  return [value, JSON.stringify(value).slice(1, -1), Buffer.from(value).toString("hex"), ...base64];
}

function found(
  planted: Record<string, string>,
  isFine: (place: string) => boolean,
  without = ({ text }: Place) => text,
): string[] {
  return places
    .filter(({ place }) => !isFine(place))
    .flatMap((one) => {
      const text = without(one);
      return Object.entries(planted)
        .filter(([, value]) => spellings(value).some((spelling) => text.includes(spelling)))
        .map(([name, value]) => `${name} in ${one.place}: ${excerpt(text, value)}`);
    });
}

/**
 * Meta's own message ids hold the recipient's number in base64. Receipts and answers name messages by them, so they stand with
 * statuses and references; in logs, spans and answers they have no business either.
 */
function withoutMetaIds({ place, text }: Place): string {
  const stored = /^topic |^(dispatch|webhooks|projection)\./.test(place);
  return stored ? text.replace(/wamid\.[A-Za-z0-9+/=_-]+/g, "") : text;
}

/** What stands around it, so that a find can be mended. */
function excerpt(text: string, value: string): string {
  const at = text.indexOf(value);
  return at < 0 ? "(encoded)" : text.slice(Math.max(0, at - 160), at + value.length + 40);
}

const inPlace = (place: string) => allowed[place.replace(/^topic /, "")] ?? {};
/** Without the plus: providers write numbers so. */
const bare = Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, number.slice(1)]));

it("no secret stands anywhere: no log, span, metric, record, row or answer", () => {
  expect(Object.keys(secrets).length).toBeGreaterThanOrEqual(14);
  expect(found(secrets, () => false)).toEqual([]);
});

it("people's numbers stand where messages, callbacks and the read model are, and nowhere else", () => {
  expect(found(bare, (place) => inPlace(place).numbers === true, withoutMetaIds)).toEqual([]);
});

it("what people are told and write stands there too, and nowhere else", () => {
  expect(found(texts, (place) => inPlace(place).texts === true)).toEqual([]);
});

it("the search finds what is there: everything planted was under way", () => {
  const everywhere = [...found(bare, () => false), ...found(texts, () => false)].join("\n");
  for (const expected of [
    `recipient in topic ${topics.outboundStandard.name}`,
    `otherRecipient in topic ${topics.outboundStandard.name}`,
    `customer in topic ${topics.messageInbound.name}`,
    `customer in topic ${topics.providerUnrouted.name}`,
    `ofEvent in topic ${topics.domainEvent.name}`,
    `variable in dispatch.pending.payload`,
    `recipient in projection.message.recipient`,
    `inbound in projection.inbound.text`,
    `inbound in webhooks.delivery.body`,
    `broken in topic ${topics.dead.name}`,
  ])
    expect(everywhere).toContain(expected);
  for (const kind of ["log of", "metrics of", "spans", "topic", "control.", "dispatch.", "projection."])
    expect(
      places.some(({ place, text }) => place.startsWith(kind) && text.length > 0),
      kind,
    ).toBe(true);
});
