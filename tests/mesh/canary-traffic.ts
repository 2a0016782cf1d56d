/** Traffic of all kinds that carries what was planted: what goes well, and what is refused, lost or lied about. */
import { createHmac, randomBytes } from "node:crypto";
import { createCodec, eventHeaders, partition, topics } from "@wamesh/events";
import { openKafka } from "@wamesh/kafka";
import { expect } from "vitest";
import { digits, hex, numbers, secrets, texts, word } from "./canary-plants.ts";
import { api, type CloudSession, connected, http, mesh, reaches, sim, until } from "./fixture.ts";

/** What refused requests were told. */
export const errors: string[] = [];

/** As a client does it; what it is told when it is refused is kept. */
export async function call(method: string, path: string, options: Parameters<typeof http>[2] = {}) {
  const answer = await http(method, mesh().origin + path, options);
  if (answer.status >= 400) errors.push(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

/** A connected session, in a pool of its own. */
export async function wasenderSession(tenant: { id: string; key: string }) {
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

export async function sendAll(key: string, cloud: string, web: string): Promise<void> {
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
  await runCampaign(key, cloud);
  for (const { id } of sent.slice(0, 2)) await reaches({ key }, id, ["read"], 60_000);
}

/** From a file with good lines and bad ones. */
async function runCampaign(key: string, cloud: string): Promise<void> {
  const file = (text: string) => ({ key, headers: { "content-type": "text/csv" }, body: text });
  const { audience_id } = await api<{ audience_id: string }>("POST", "/v1/audiences", { key, body: {} });
  const csv = `/v1/audiences/${audience_id}/csv`;
  await call("PUT", csv, file(`${numbers.ofList},${texts.ofList}\n`));
  const lines = [
    `${numbers.ofList},${texts.ofList}`,
    `${numbers.impossible},${texts.refused}`,
    `${numbers.ofList}`,
  ];
  await call("PUT", csv, file(`to,name\n${lines.join("\n")}\n`));
  const variables = [{ column: "name" }];
  const { campaign_id } = await api<{ campaign_id: string }>("POST", "/v1/campaigns", {
    key,
    body: { name: "news", audience_id, session_id: cloud, template: { ...template(""), variables } },
  });
  await api("POST", `/v1/campaigns/${campaign_id}/preflight`, { key });
  await api("POST", `/v1/campaigns/${campaign_id}/start`, { key, body: {} });
  await until("the campaign to be over", async () => {
    const { state } = await api<{ state: string }>("GET", `/v1/campaigns/${campaign_id}`, { key });
    return state === "completed" ? true : undefined;
  });
}

/** Requests that are wrong in every way, with what must not be repeated in them. */
export async function beRefused(key: string, tenant: string): Promise<void> {
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
export async function callBack(
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
export async function loseRecords(tenant: string): Promise<void> {
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
export async function useBadToken(key: string, { session, waba, sender }: CloudSession): Promise<void> {
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
