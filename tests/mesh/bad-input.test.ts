/** Bad input gets a problem document with code, field and remedy, and produces nothing. */
import { createHmac } from "node:crypto";
import { createCodec, eventHeaders, partition, topics } from "@wamesh/events";
import { openKafka } from "@wamesh/kafka";
import { beforeAll, describe, expect, it } from "vitest";
import { api, cloudTenant, control, http, ledger, mesh, reaches, type TestTenant, until } from "./fixture.ts";

let acme: TestTenant;
let other: TestTenant;
let good: Record<string, unknown>;

beforeAll(async () => {
  acme = await cloudTenant("bad-input");
  other = await cloudTenant("bad-other");
  good = { to: acme.person(), template: { name: "welcome", language: "en_US", variables: ["Mara"] } };
}, 60_000);

type Case = [
  what: string,
  path: string,
  body: () => unknown,
  status: number,
  code: string,
  field: string | null,
  headers?: Record<string, string>,
];

const cases: Case[] = [
  ["an unknown field", "/v1/messages", () => ({ ...good, colour: "red" }), 400, "unknown_field", "colour"],
  ["a wrong type", "/v1/messages", () => ({ ...good, ttl_s: "soon" }), 400, "invalid_body", "ttl_s"],
  [
    "an impossible number",
    "/v1/messages",
    () => ({ ...good, to: "+1555" }),
    422,
    "recipient_impossible",
    "to",
  ],
  [
    "an unknown session",
    "/v1/messages",
    () => ({ ...good, session_id: "ses_nobody" }),
    422,
    "unknown_session",
    "session_id",
  ],
  [
    "another tenant's session",
    "/v1/messages",
    () => ({ ...good, session_id: other.session }),
    422,
    "unknown_session",
    "session_id",
  ],
  ["a body that is no JSON", "/v1/messages", () => "{", 400, "invalid_json", null],
  [
    "a body too large",
    "/v1/messages",
    () => ({ ...good, external_ref: "x".repeat(300_000) }),
    413,
    "body_too_large",
    null,
  ],
  [
    "a malformed CloudEvent",
    "/v1/events",
    () => ({ id: "1", type: "t" }),
    400,
    "malformed_cloudevent",
    "specversion",
    { "content-type": "application/cloudevents+json" },
  ],
  [
    "an oversize batch",
    "/v1/messages/batch",
    () => ({ messages: Array.from({ length: 1001 }, () => good) }),
    413,
    "batch_too_large",
    "messages",
  ],
];

describe("at the door", () => {
  it.each(cases)(
    "%s is named with code, field and remedy",
    async (_what, path, body, status, code, field, headers) => {
      const answer = await http<{ code: string; errors?: { field: string; remedy: string }[] }>(
        "POST",
        mesh().origin + path,
        {
          key: acme.key,
          body: body(),
          ...(headers === undefined ? {} : { headers }),
        },
      );
      expect(answer, JSON.stringify(answer.body)).toMatchObject({ status, body: { code } });
      expect(answer.headers.get("content-type")).toContain("application/problem+json");
      if (field !== null) {
        const named = answer.body.errors?.find((error) => error.field.includes(field));
        expect(named, JSON.stringify(answer.body)).toBeDefined();
        expect(named?.remedy).toMatch(/\w/);
      }
    },
  );

  it("an expired key is refused", async () => {
    const soon = new Date(Date.now() + 1500).toISOString();
    const { key } = await api<{ key: string }>("POST", "/v1/keys", {
      tenant: acme.id,
      body: { label: "short", expires_at: soon },
    });
    const answer = await until("the key to expire", async () => {
      const tried = await http("GET", `${mesh().origin}/v1/rules`, { key });
      return tried.status === 401 && Date.now() > Date.parse(soon) ? tried : undefined;
    });
    expect(answer.body).toMatchObject({ code: "key_expired" });
  });

  it("nothing of all this reached the provider", async () => {
    const { id } = await api<{ id: string }>("POST", "/v1/messages", { key: acme.key, body: good });
    await reaches(acme, id, ["read"]);
    expect((await ledger([acme.sender])).map((entry) => entry.id)).toEqual([id]);
  });
});

describe("from outside", () => {
  it("a callback with a bad signature is refused, one with a good signature is taken", async () => {
    const url = `${mesh().origin}/callbacks/cloud-api/${mesh().metaApp.id}`;
    const body = JSON.stringify({ object: "whatsapp_business_account", entry: [] });
    const sign = (secret: string) => `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
    expect(
      (await http("POST", url, { body, headers: { "x-hub-signature-256": sign("not the secret") } })).status,
    ).toBe(401);
    expect((await http("POST", url, { body })).status).toBe(401);
    expect(
      (await http("POST", url, { body, headers: { "x-hub-signature-256": sign(mesh().metaApp.secret) } }))
        .status,
    ).toBe(200);
    expect((await http("POST", `${mesh().origin}/callbacks/wasender/no-such-token`, { body })).status).toBe(
      401,
    );
  });

  it("an undecodable record is dead-lettered with its bytes, and the partition goes on", async () => {
    const kafka = openKafka({ brokers: mesh().kafkaBrokers, clientId: "test", log: () => {} });
    const codec = await createCodec({ registryUrl: mesh().registryUrl, topics: [topics.dead] });
    const producer = await kafka.producer();
    const home = partition(acme.id, topics.outboundStandard.partitions.local);
    const bytes = Buffer.from("this is no Avro at all");
    const dead: { value: string; code: string }[] = [];
    const reader = await kafka.consume({
      groupId: `test-dead-${acme.id}`,
      topics: [topics.dead],
      codec,
      deadLetter: { service: "test", producer },
      handle: async (batch) => {
        for (const { record } of batch.records) {
          const letter = record as { origin_value: Uint8Array | null; reason: { code: string } };
          dead.push({ value: Buffer.from(letter.origin_value ?? []).toString(), code: letter.reason.code });
        }
      },
    });
    try {
      await producer.send([
        {
          topic: topics.outboundStandard.name,
          partition: home,
          key: acme.id,
          value: bytes,
          headers: eventHeaders({
            id: "poison",
            type: "test",
            source: "/test",
            timeMs: Date.now(),
            tenant: acme.id,
          }),
        },
      ]);
      const { id } = await api<{ id: string }>("POST", "/v1/messages", {
        key: acme.key,
        body: { ...good, to: acme.person() },
      });
      await reaches(acme, id, ["read"]);
      await until("the dead letter", async () =>
        dead.find((letter) => letter.value === bytes.toString() && letter.code === "undecodable"),
      );
    } finally {
      await reader.stop();
      await producer.close();
    }
  });

  it("with the broker away the door answers 503 with Retry-After, and works again when it is back", async () => {
    await control("servers", "kafka", "stop");
    try {
      const started = performance.now();
      const answer = await http("POST", `${mesh().origin}/v1/messages`, {
        key: acme.key,
        headers: { "idempotency-key": "broker-away" },
        body: { ...good, to: "+15556660001" },
      });
      expect(answer).toMatchObject({ status: 503, body: { code: "broker_unavailable" } });
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(performance.now() - started).toBeLessThan(15_000);
    } finally {
      await control("servers", "kafka", "start");
    }
    const { id } = await api<{ id: string }>("POST", "/v1/messages", {
      key: acme.key,
      headers: { "idempotency-key": "broker-away" },
      body: { ...good, to: "+15556660001" },
    });
    await reaches(acme, id, ["read"], 60_000);
    expect((await ledger([acme.sender])).filter((entry) => entry.id === id && entry.accepted !== 1)).toEqual(
      [],
    );
  });
});
