import { randomBytes } from "node:crypto";
import { topics } from "@wamesh/events";
import { openKafka } from "@wamesh/kafka";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench, replyOf } from "./test-bench.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

/** Redis outlives a run of the tests, and a key its answer for a day. */
const run = randomBytes(6).toString("hex");

const hello = { to: "+15551234567", text: { body: "Hi" } };
const many = (count: number) => ({ messages: Array.from({ length: count }, () => hello) });
const event = { specversion: "1.0", id: "e1", source: "/crm", type: "t" };

type BadInput = {
  path?: string;
  body: unknown;
  key?: string;
  headers?: Record<string, string>;
  status: number;
  code: string;
  field?: string;
};
const badInputs: [string, BadInput][] = [
  ["no key", { body: hello, headers: { authorization: "" }, status: 401, code: "unauthorized" }],
  ["an expired key", { body: hello, key: "expired00000", status: 401, code: "key_expired" }],
  [
    "another tenant's name",
    { body: hello, headers: { "wamesh-tenant": "globex" }, status: 403, code: "tenant_forbidden" },
  ],
  ["no JSON", { body: "{", status: 400, code: "invalid_json" }],
  [
    "another content type",
    { body: hello, headers: { "content-type": "text/plain" }, status: 415, code: "unsupported_media_type" },
  ],
  ["an unknown field", { body: { ...hello, tto: 1 }, status: 400, code: "unknown_field", field: "tto" }],
  ["a wrong type", { body: { ...hello, ttl_s: "1" }, status: 400, code: "invalid_body", field: "ttl_s" }],
  [
    "U+0000",
    { body: { ...hello, text: { body: "a\0" } }, status: 400, code: "invalid_body", field: "text.body" },
  ],
  [
    "an impossible number",
    { body: { ...hello, to: "+1555" }, status: 422, code: "recipient_impossible", field: "to" },
  ],
  [
    "an unknown session",
    { body: { ...hello, session_id: "ses_0" }, status: 422, code: "unknown_session", field: "session_id" },
  ],
  [
    "another tenant's session",
    { body: { ...hello, session_id: "ses_g1" }, status: 422, code: "unknown_session", field: "session_id" },
  ],
  ["an empty pool", { body: { ...hello, pool: "none" }, status: 422, code: "no_session", field: "pool" }],
  [
    "a template through WasenderApi",
    {
      body: { to: "+15551234567", template: { name: "welcome", language: "en" } },
      key: "globex000000",
      status: 422,
      code: "not_supported",
      field: "template",
    },
  ],
  [
    "marketing on the otp lane",
    {
      body: { ...hello, lane: "otp", category: "marketing" },
      status: 422,
      code: "lane_refused",
      field: "lane",
    },
  ],
  ["a body too large", { body: { ...hello, x: "x".repeat(300_000) }, status: 413, code: "body_too_large" }],
  [
    "a key too long",
    {
      body: hello,
      headers: { "idempotency-key": "k".repeat(256) },
      status: 400,
      code: "invalid_header",
      field: "idempotency-key",
    },
  ],
  [
    "an oversize batch",
    { path: "/v1/messages/batch", body: many(1001), status: 413, code: "batch_too_large", field: "messages" },
  ],
  [
    "an empty batch",
    { path: "/v1/messages/batch", body: many(0), status: 400, code: "invalid_body", field: "messages" },
  ],
  [
    "a batch of which nothing can be taken",
    {
      path: "/v1/messages/batch",
      body: { messages: [{ ...hello, to: "+1555" }, {}] },
      status: 422,
      code: "batch_refused",
      field: "messages.0.to",
    },
  ],
  [
    "a malformed CloudEvent",
    {
      path: "/v1/events",
      body: { ...event, id: "" },
      status: 400,
      code: "malformed_cloudevent",
      field: "id",
    },
  ],
  [
    "a text as CloudEvent",
    { path: "/v1/events", body: '"hi"', status: 400, code: "malformed_cloudevent", field: "(all of it)" },
  ],
  [
    "no CloudEvent",
    { path: "/v1/events", body: [], status: 400, code: "malformed_cloudevent", field: "(all of it)" },
  ],
  [
    "a rule for another tenant's session",
    {
      path: "/v1/rules",
      body: {
        name: "W",
        event_type: "t",
        message: { to: { path: "data.phone" }, session_id: "ses_g1", text: { body: "Hi" } },
      },
      status: 422,
      code: "unknown_session",
      field: "message.session_id",
    },
  ],
  [
    "a rule's fallback for a session without a window",
    {
      path: "/v1/rules",
      key: "globex000000",
      body: {
        name: "W",
        event_type: "t",
        message: {
          to: { path: "data.phone" },
          session_id: "ses_g1",
          text: { body: "Hi" },
          fallback: { name: "a", language: "en" },
        },
      },
      status: 422,
      code: "not_supported",
      field: "message.fallback",
    },
  ],
];

test.each(badInputs)(
  "%s: a problem with code, field and remedy, and nothing is produced",
  async (_, input) => {
    const before = bench.sent.length;
    const { path = "/v1/messages", body, ...as } = input;
    const response = await bench.call("POST", path, body, as);
    const problem = await replyOf(response);
    expect(response.headers.get("content-type")).toContain("application/problem+json");
    expect(problem).toMatchObject({
      status: input.status,
      code: input.code,
      detail: expect.stringMatching(/./),
    });
    if (input.field !== undefined) {
      expect(problem.errors.map((one: { field: string }) => one.field)).toContain(input.field);
      for (const one of problem.errors) expect(one.remedy).toMatch(/./);
    }
    expect(bench.sent.length).toBe(before);
  },
);

const message = "0190b0a0-0000-7000-8000-000000000001";

test.each([
  ["DELETE", "/v1/messages/none", undefined, 404, "not_found", "id"],
  [
    "POST",
    "/v1/messages/read",
    { session_id: "ses_g1", provider_id: "p" },
    422,
    "unknown_session",
    "session_id",
  ],
  [
    "POST",
    "/v1/messages/read",
    { session_id: "ses_a1", provider_id: "" },
    400,
    "invalid_body",
    "provider_id",
  ],
  ["POST", "/v1/messages/none/resolution", { decision: "resend" }, 404, "not_found", "id"],
  ["POST", `/v1/messages/${message}/resolution`, {}, 400, "invalid_body", "decision"],
  ["POST", `/v1/messages/${message}/resolution`, { decision: "cancel" }, 400, "invalid_body", "decision"],
  [
    "POST",
    `/v1/messages/${message}/resolution`,
    { decision: "resend", why: "x" },
    400,
    "unknown_field",
    "why",
  ],
  [
    "POST",
    `/v1/messages/${message}/resolution`,
    { decision: "resend", reason: "x".repeat(501) },
    400,
    "invalid_body",
    "reason",
  ],
])("%s %s with %j is refused, and nothing is produced", async (method, path, body, status, code, field) => {
  const before = bench.sent.length;
  const problem = await replyOf(bench.call(method, path, body));
  expect(problem).toMatchObject({ status, code, errors: [{ field }] });
  expect(problem.errors[0]?.remedy).toMatch(/./);
  expect(bench.sent.length).toBe(before);
});

test("a decision over a message is answered once Kafka has it, is always the same one, and is audited", async () => {
  const path = `/v1/messages/${message}/resolution`;
  const first = await bench.call("POST", path, { decision: "resend", reason: "she did not get it" });
  expect(first.status).toBe(202);
  expect(first.headers.get("location")).toBe(`/v1/status/messages/${message}`);
  const { id, command } = await replyOf(first);
  expect({ id, kind: command.kind }).toEqual({ id: message, kind: "resend" });
  const again = await replyOf(bench.call("POST", path, { decision: "resend" }));
  expect(again.command.id).toBe(command.id);
  const cancel = await replyOf(bench.call("DELETE", `/v1/messages/${message.toUpperCase()}`));
  const theirs = await replyOf(
    bench.call("DELETE", `/v1/messages/${message}`, undefined, { key: "globex000000" }),
  );
  expect(new Set([command.id, cancel.command.id, theirs.command.id]).size).toBe(3);
  const records = await bench.read(topics.outboundCommand);
  expect(records.find((one) => one.reason !== null)).toMatchObject({
    command_id: command.id,
    tenant: "acme",
    message_id: message,
    kind: "resend",
    requested_by: "acme00000000",
    reason: "she did not get it",
    requested_at: Date.parse(command.requested_at),
  });
  expect(records.map((one) => `${one.tenant} ${one.kind}`).sort()).toEqual([
    "acme cancel",
    "acme resend",
    "acme resend",
    "globex cancel",
  ]);
  const audited = (await bench.read(topics.audit)).filter((one) => one.object_id === message);
  expect(audited.map((one) => `${one.tenant} ${one.action}`).sort()).toEqual([
    "acme message.cancel_requested",
    "acme message.resend_requested",
    "acme message.resend_requested",
    "globex message.cancel_requested",
  ]);
});

test("a wish to mark a message as read goes to its session's partition alone; its audit does not name the message", async () => {
  const body = { session_id: "ses_a1", provider_id: "wamid.read", typing: true };
  const response = await bench.call("POST", "/v1/messages/read", body);
  expect(response.status).toBe(202);
  const { id } = await replyOf(response);
  expect((await replyOf(bench.call("POST", "/v1/messages/read", body))).id).toBe(id);
  const marks = (await bench.read(topics.outboundCommand)).filter(({ kind }) => kind === "read");
  expect(marks).toHaveLength(2);
  expect(marks[0]).toMatchObject({
    ...{ command_id: id, tenant: "acme", message_id: "wamid.read", requested_by: "acme00000000" },
    read_mark: { session: "ses_a1", chat: null, typing: true },
  });
  const audited = (await bench.read(topics.audit)).filter(
    (one) => one.action === "session.read_mark_requested",
  );
  expect(audited).toMatchObject([{ object_id: "ses_a1" }, { object_id: "ses_a1" }]);
  expect(JSON.stringify(audited)).not.toContain("wamid");
});

test("a message is answered once Kafka has it, and the record is what was promised", async () => {
  const response = await bench.call("POST", "/v1/messages", { ...hello, lane: "otp", external_ref: "o-1" });
  expect(response.status).toBe(202);
  const answer = await replyOf(response);
  expect(response.headers.get("location")).toBe(`/v1/status/messages/${answer.id}`);
  const record = (await bench.read(topics.outboundOtp)).find((one) => one.message_id === answer.id);
  expect(record).toMatchObject({
    tenant: "acme",
    lane: "otp",
    session: answer.session_id,
    recipient: { kind: "phone", value: "+15551234567" },
    external_ref: "o-1",
    not_after: Date.parse(answer.not_after),
  });
});

test("a batch says for each item what became of it", async () => {
  const items = [hello, { ...hello, to: "+1555" }, { ...hello, bold: true }, { ...hello, lane: "otp" }];
  const response = await bench.call("POST", "/v1/messages/batch", { messages: items });
  expect(response.status).toBe(202);
  const { accepted, refused, results } = await replyOf(response);
  expect({ accepted, refused }).toEqual({ accepted: 2, refused: 2 });
  expect(results).toMatchObject([
    { index: 0, status: "accepted" },
    {
      index: 1,
      status: "refused",
      problem: { code: "recipient_impossible", errors: [{ field: "messages.1.to" }] },
    },
    {
      index: 2,
      status: "refused",
      problem: { code: "unknown_field", errors: [{ field: "messages.2.bold" }] },
    },
    { index: 3, status: "accepted" },
  ]);
  const otp = (await bench.read(topics.outboundOtp)).map((one) => one.message_id);
  expect(otp).toContain(results[3]?.id);
});

test("more than a hundred at once all travel on the bulk lane", async () => {
  const messages = [{ ...hello, lane: "otp" }, ...many(100).messages];
  const response = await bench.call("POST", "/v1/messages/batch", { messages });
  const { results } = await replyOf(response);
  const bulk = new Set((await bench.read(topics.outboundBulk)).map((one) => one.message_id));
  expect(results).toHaveLength(101);
  for (const { id } of results) expect(bulk).toContain(id);
});

test("the same key twice: the same answer, and one record", async () => {
  const headers = { "idempotency-key": `order-1-${run}` };
  const first = await bench.call("POST", "/v1/messages", hello, { headers });
  const again = await bench.call("POST", "/v1/messages", hello, { headers });
  const answer = await replyOf(first);
  expect(await replyOf(again)).toEqual(answer);
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  expect(again.headers.get("location")).toBe(first.headers.get("location"));
  const records = await bench.read(topics.outboundStandard);
  expect(records.filter((one) => one.message_id === answer.id)).toHaveLength(1);
});

test("a key is its tenant's and its endpoint's: nobody meets another's answer", async () => {
  const headers = { "idempotency-key": `shared-word-${run}` };
  const mine = await replyOf(bench.call("POST", "/v1/messages", hello, { headers }));
  const theirs = await bench.call("POST", "/v1/messages", hello, { headers, key: "globex000000" });
  const batch = await bench.call("POST", "/v1/messages/batch", { messages: [hello] }, { headers });
  expect((await replyOf(theirs)).id).not.toBe(mine.id);
  expect((await replyOf(batch)).results[0]?.id).not.toBe(mine.id);
});

test("the same key with another body is refused, and nothing is produced", async () => {
  const headers = { "idempotency-key": `order-2-${run}` };
  await bench.call("POST", "/v1/messages", hello, { headers });
  const before = bench.sent.length;
  const response = await bench.call("POST", "/v1/messages", { ...hello, text: { body: "Ho" } }, { headers });
  expect(await replyOf(response)).toMatchObject({
    status: 422,
    code: "idempotency_key_reused",
    errors: [{ field: "Idempotency-Key" }],
  });
  expect(bench.sent.length).toBe(before);
});

test.each(['"never ends', '"a", "b"', "a b", '""'])(
  "the malformed key %s is refused by name, and nothing is produced",
  async (key) => {
    const before = bench.sent.length;
    const response = await bench.call("POST", "/v1/messages", hello, { headers: { "idempotency-key": key } });
    expect(await replyOf(response)).toMatchObject({
      status: 400,
      code: "invalid_header",
      errors: [{ field: "idempotency-key" }],
    });
    expect(bench.sent.length).toBe(before);
  },
);

test("a key is the same with quotes and without, and makes one rule", async () => {
  const rule = {
    name: "W",
    event_type: `t-${run}`,
    message: { to: { path: "data.phone" }, text: { body: "Hi" } },
  };
  const make = (key: string) =>
    bench.call("POST", "/v1/rules", rule, { headers: { "idempotency-key": key } });
  const first = await make(`rule-${run}`);
  const again = await make(`"rule-${run}"`);
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(await replyOf(again)).toEqual(await replyOf(first));
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  expect(again.headers.get("location")).toBe(first.headers.get("location"));
});

test("many at once with one key: one runs, the others wait or get its answer", async () => {
  const headers = { "idempotency-key": `order-3-${run}` };
  const responses = await Promise.all(
    Array.from({ length: 10 }, () => bench.call("POST", "/v1/messages", hello, { headers })),
  );
  const ids = new Set<string>();
  for (const response of responses) {
    expect([202, 409]).toContain(response.status);
    if (response.status === 202) ids.add((await replyOf(response)).id);
    else expect(response.headers.get("retry-after")).toBe("1");
  }
  expect(ids.size).toBe(1);
  const records = await bench.read(topics.outboundStandard);
  expect(records.filter((one) => ids.has(one.message_id))).toHaveLength(1);
});

test("after a refusal the key is free for the corrected request", async () => {
  const headers = { "idempotency-key": `order-4-${run}` };
  const refused = await bench.call("POST", "/v1/messages", { ...hello, to: "+1555" }, { headers });
  expect(refused.status).toBe(422);
  expect((await bench.call("POST", "/v1/messages", hello, { headers })).status).toBe(202);
});

test("Redis away: requests go on, and a repeat with the same key still has the same id", async () => {
  const without = await openBench({ redisUrl: "redis://127.0.0.1:1" });
  try {
    const headers = { "idempotency-key": `order-5-${run}` };
    const first = await without.call("POST", "/v1/messages", hello, { headers });
    const again = await without.call("POST", "/v1/messages", hello, { headers });
    expect([first.status, again.status]).toEqual([202, 202]);
    expect((await replyOf(again)).id).toBe((await replyOf(first)).id);
  } finally {
    await without.close();
  }
});

test("the broker away: 503 with Retry-After within the deadline, and the key is free again", async () => {
  const nowhere = openKafka({ brokers: "127.0.0.1:1", clientId: "test", log: () => {} });
  const without = await openBench({ producerOf: () => nowhere.producer({ deadlineMs: 1_000 }) });
  try {
    const headers = { "idempotency-key": `order-6-${run}` };
    for (const _ of [1, 2]) {
      const startedMs = performance.now();
      const response = await without.call("POST", "/v1/messages", hello, { headers });
      expect(await replyOf(response)).toMatchObject({ status: 503, code: "broker_unavailable" });
      expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(performance.now() - startedMs).toBeLessThan(3_000);
    }
  } finally {
    await without.close();
  }
});

test("CloudEvents come in one by one and as a list, in either content type", async () => {
  const one = await bench.call(
    "POST",
    "/v1/events",
    { ...event, id: "single" },
    {
      headers: { "content-type": "application/cloudevents+json; charset=utf-8" },
    },
  );
  expect(one.status).toBe(202);
  expect(await replyOf(one)).toEqual({ results: [{ id: "single", status: "accepted" }] });
  const list = await bench.call(
    "POST",
    "/v1/events",
    [
      { ...event, id: "listed" },
      { ...event, time: "soon" },
    ],
    { headers: { "content-type": "application/cloudevents-batch+json" } },
  );
  expect(await replyOf(list)).toMatchObject({
    results: [
      { id: "listed", status: "accepted" },
      {
        index: 1,
        status: "refused",
        problem: { code: "malformed_cloudevent", errors: [{ field: "1.time" }] },
      },
    ],
  });
  const ids = (await bench.read(topics.domainEvent)).map((record) => record.event_id);
  expect(ids).toEqual(expect.arrayContaining(["single", "listed"]));
});

test("the API describes every route, and each asks for a scope", async () => {
  const document = await replyOf(bench.call("GET", "/openapi.json"));
  for (const { path, method, scope } of bench.api.routes()) {
    expect(document.paths[path]?.[method.toLowerCase()]).toBeDefined();
    expect(scope).not.toBeNull();
  }
});
