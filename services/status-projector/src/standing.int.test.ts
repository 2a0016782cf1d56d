// Tenants, sessions, sums per hour, doubts and what was given up, on a real Postgres; over an agency and its child.
import { topics } from "@wamesh/events";
import {
  auditEntry,
  deadLetterRecord,
  dispatchState,
  sessionEvent,
  sessionState,
  tenantConfig,
  webhookDelivery,
} from "@wamesh/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { campaignState, entriesOf, messageIds, outbound, status } from "./arbitrary-history.ts";
import { type Bench, entries, now, openBench } from "./test-bench.ts";

const [first, second, third] = messageIds as [string, string, string];
const hourMs = 3_600_000;
const pricing = { billable: true, model: "PMP", type: "regular", category: "marketing" };
let bench: Bench;

beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench?.close());
beforeEach(async () => {
  await bench.empty();
  const accepted_at = now - 2 * hourMs;
  for (const [tenant, ids] of [
    ["acme", [first, second, third]],
    ["acme-child", [first]],
    ["globex", [first, second]],
  ] as const) {
    const of = (id: string, what: Parameters<typeof status>[2], more = {}) =>
      entriesOf(status(tenant, id, what, { queued_at: accepted_at, ...more }));
    for (const id of ids) await bench.tell(...entriesOf(outbound(tenant, id, { accepted_at })));
    await bench.tell(
      ...of(first, { status: "sent", at: now - hourMs - 1 }),
      ...of(first, { status: "delivered", origin: "provider", at: now - hourMs }, { pricing }),
      ...entries(topics.tenantConfig, tenantConfig({ tenant, tenant_record: { name: `The ${tenant}` } })),
    );
  }
  await bench.tell(...entriesOf(status("acme", second, { status: "claimed", at: now - hourMs })));
  await bench.tell(...entriesOf(status("acme", second, { status: "in_doubt", at: now - hourMs + 1 })));
});

type Items = { items: Record<string, unknown>[]; next_cursor?: string | null };
const items = async (path: string, as: Parameters<Bench["get"]>[1] = "acme", headers = {}) =>
  ((await bench.get(path, as, headers)).body as Items).items;

test("an agency sees how it and its children stand, a tenant itself, the operator everyone", async () => {
  const seen = async (as: Parameters<Bench["get"]>[1], headers = {}) =>
    (await items("/v1/status/tenants", as, headers)).map(({ tenant }) => tenant);
  expect(await seen("acme")).toEqual(["acme", "acme-child"]);
  expect(await seen("acme", { "wamesh-tenant": "acme-child" })).toEqual(["acme-child"]);
  expect(await seen("globex")).toEqual(["globex"]);
  expect(await seen("operator")).toEqual(["acme", "acme-child", "globex", "operator"]);
  expect(await seen("operator", { "wamesh-tenant": "globex" })).toEqual(["globex"]);
});

test("a tenant's standing", async () => {
  bench.waiting.set("acme", [
    dispatchState({ queued: { otp: 1, standard: 2, bulk: 3 }, oldest_at: now - 7_000 }),
  ]);
  await bench.tell(
    ...entries(topics.sessionState, sessionState({ status: "disconnected" })),
    ...entries(topics.dead, deadLetterRecord({ occurred_at: now - 1 })),
  );
  const [acme] = await items("/v1/status/tenants?limit=1");
  expect(acme).toEqual({
    tenant: "acme",
    name: "The acme",
    sessions: { connected: 0, total: 1 },
    queued: 6,
    oldest_wait_s: 7,
    sent_24h: 1,
    delivered_24h: 1,
    failed_24h: 0,
    success_ratio: 1,
    doubts: 1,
    dead_24h: 1,
    attention: [
      { code: "no_session_connected", text: expect.any(String) },
      { code: "doubts", text: expect.any(String) },
      { code: "dead_letters", text: expect.any(String) },
    ],
  });
});

test("the overview adds up a family, and names what needs somebody, worst first", async () => {
  bench.waiting.set("acme-child", [
    dispatchState({ queued: { otp: 1, standard: 0, bulk: 0 }, oldest_at: null }),
  ]);
  await bench.tell(
    ...entries(topics.sessionState, sessionState({ status: "need_scan", changed_at: now - hourMs })),
    ...entries(topics.campaignState, campaignState({ state: "paused", reason: "error_rate" })),
    ...entries(topics.webhookDelivery, webhookDelivery({ outcome: "disabled", occurred_at: now - 1_000 })),
    ...entriesOf(status("globex", second, { status: "in_doubt" })),
  );
  const { body } = await bench.get("/v1/status/overview");
  expect(body).toMatchObject({ today: { sent: 0, accepted: 0 }, queued: { otp: 1 } });
  const { attention } = body as { attention: { code: string; tenant: string }[] };
  expect(attention.map(({ code }) => code)).toEqual([
    "campaign_stopped",
    "session_need_scan",
    "endpoint_disabled",
    "doubts",
  ]);
  expect(new Set(attention.map(({ tenant }) => tenant))).toEqual(new Set(["acme"]));
});

test("an endpoint that took an event after it was disabled needs nobody", async () => {
  await bench.tell(
    ...entries(topics.webhookDelivery, webhookDelivery({ outcome: "disabled", occurred_at: now - 2_000 })),
    ...entries(topics.webhookDelivery, webhookDelivery({ event_id: "later", occurred_at: now - 1_000 })),
  );
  const { body } = await bench.get("/v1/status/overview");
  expect(JSON.stringify(body)).not.toContain("endpoint_disabled");
});

test("sessions: quality, limit, availability, what waits and why", async () => {
  const event = (event_id: string, kind: "status" | "quality" | "limit", more: object) =>
    entries(
      topics.sessionEvent,
      sessionEvent({ event_id, kind, status: null, occurred_at: now - 1, ...more }),
    );
  await bench.tell(
    ...entries(topics.sessionState, sessionState({ session: "ses_acme", rate_per_s: 5 })),
    ...entries(topics.sessionState, sessionState({ session: "ses_gone", status: "deleted" })),
    ...event("1", "status", { session: "ses_acme", status: "connected", occurred_at: now - 48 * hourMs }),
    ...event("2", "status", { session: "ses_acme", status: "disconnected", occurred_at: now - 6 * hourMs }),
    ...event("3", "quality", { session: "ses_acme", value: "red", occurred_at: now - 5 }),
    ...event("4", "quality", { session: "ses_acme", value: "green" }),
    ...event("5", "limit", { session: "", value: "TIER_2K" }),
  );
  bench.waiting.set("acme", [
    dispatchState({
      sessions: [
        { session: "ses_acme", configured_per_s: 5, effective_per_s: 2, held_reason: null, queued: 1 },
      ],
      held: [
        { session: "ses_acme", campaign: null, template: null, reason: "pace", messages: 1, until: null },
      ],
    }),
  ]);
  expect(await items("/v1/status/sessions")).toEqual([
    {
      session_id: "ses_acme",
      name: "Main number",
      status: "connected",
      provider: "cloud_api",
      account: "account-1",
      phone: "+15559990001",
      quality: "green",
      limit: "TIER_2K",
      availability_24h: 0.75,
      queued: 1,
      // The third message was accepted and waits.
      oldest_wait_s: 7_200,
      effective_rate_per_s: 2,
      configured_rate_per_s: 5,
      held: [{ reason: "pace", count: 1 }],
      last_event_at: new Date(now - 1).toISOString(),
    },
  ]);
});

test("sums per hour are by the time of what happened, and an agency's include its children's", async () => {
  const at = (hours: number) => new Date(now - hours * hourMs).toISOString();
  const none = { sent: 0, delivered: 0, read: 0, failed: 0, expired: 0, cancelled: 0 };
  const by = (by: string) => items(`/v1/status/analytics?by=${by}`);
  expect(await by("tenant")).toEqual([
    // The hour before the last: accepted, and the last moment of it: sent.
    { ...none, at: at(2), key: "acme", accepted: 3, sent: 1 },
    { ...none, at: at(2), key: "acme-child", accepted: 1, sent: 1 },
    { ...none, at: at(1), key: "acme", accepted: 0, delivered: 1 },
    { ...none, at: at(1), key: "acme-child", accepted: 0, delivered: 1 },
  ]);
  expect(await by("session")).toMatchObject([
    { key: "ses_acme", accepted: 3 },
    { key: "ses_acme-child", accepted: 1 },
    { key: "ses_acme", delivered: 1 },
    { key: "ses_acme-child", delivered: 1 },
  ]);
  const days = "/v1/status/analytics?interval=day&by=category&from=2026-11-19T00:00:00Z";
  expect(await items(days, "globex")).toEqual([
    { ...none, at: "2026-11-19T00:00:00.000Z", key: "marketing", accepted: 1, sent: 1, delivered: 1 },
    { ...none, at: "2026-11-19T00:00:00.000Z", key: "utility", accepted: 1 },
  ]);
});

test("a month's usage counts what left, under the category that was charged", async () => {
  const used = { category: "marketing", provider: "cloud_api", messages: 1, delivered: 1, billable: 1 };
  expect(await items("/v1/status/usage?month=2026-11")).toEqual([
    { ...used, tenant: "acme", session_id: "ses_acme" },
    { ...used, tenant: "acme-child", session_id: "ses_acme-child" },
  ]);
  const [only] = await items("/v1/status/usage?month=2026-11&limit=1");
  const { next_cursor } = (await bench.get("/v1/status/usage?month=2026-11&limit=1")).body as Items;
  const [next] = await items(`/v1/status/usage?month=2026-11&limit=1&cursor=${next_cursor}`);
  expect([only!.tenant, next!.tenant]).toEqual(["acme", "acme-child"]);
  expect(await items("/v1/status/usage?month=2026-10")).toEqual([]);
});

test("the ledger shows what adds up and what does not", async () => {
  const hour = { at: new Date(now - 2 * hourMs).toISOString() };
  const ledger = () => items("/v1/status/ledger");
  expect(await ledger()).toEqual([
    // Of the third message no word came back yet.
    { ...hour, tenant: "acme", accepted: 3, final: 1, waiting: 0, doubtful: 1, difference: 1 },
    { ...hour, tenant: "acme-child", accepted: 1, final: 1, waiting: 0, doubtful: 0, difference: 0 },
  ]);
  await bench.tell(...entriesOf(status("acme", third, { status: "queued" })));
  expect((await ledger())[0]).toMatchObject({ waiting: 1, difference: 0 });
});

test("a doubt is told with what speaks for and against the message having left", async () => {
  expect(await items("/v1/status/doubts")).toMatchObject([
    {
      message_id: second,
      session_id: "ses_acme",
      recipient_token: `token ${second}`,
      lane: "standard",
      claim: 1,
      status: "in_doubt",
      since: new Date(now - hourMs + 1).toISOString(),
      evidence: [{ kind: "claimed" }, { kind: "in_doubt" }],
    },
  ]);
  await bench.tell(...entriesOf(status("acme", second, { status: "sent", origin: "provider" })));
  expect(await items("/v1/status/doubts")).toEqual([]);
});

test("deliveries are found by endpoint, outcome and message, and stand with their message", async () => {
  const attempt = (event_id: string, more: object) =>
    entries(topics.webhookDelivery, webhookDelivery({ event_id, message_id: first, ...more }));
  await bench.tell(
    ...attempt("1", { outcome: "retry", http_status: 500, occurred_at: now - 2 }),
    ...attempt("2", { attempt: 2, occurred_at: now - 1 }),
    ...attempt("3", { endpoint: "other", message_id: null, occurred_at: now }),
  );
  const found = async (query: string) => (await items(`/v1/status/deliveries?${query}`)).map(({ id }) => id);
  expect(await found("")).toEqual(["3", "2", "1"]);
  expect(await found("endpoint=other")).toEqual(["3"]);
  expect(await found("outcome=retry")).toEqual(["1"]);
  expect(await found(`message=${first}&limit=1`)).toEqual(["2"]);
  expect((await bench.get(`/v1/status/messages/${first}`)).body).toMatchObject({
    deliveries: [
      { id: "1", outcome: "retry", http_status: 500 },
      { id: "2", attempt: 2 },
    ],
  });
});

test("what was given up is listed, and counted by reason", async () => {
  const dead = (dead_id: string, code: string, more: object = {}) =>
    entries(
      topics.dead,
      deadLetterRecord({
        dead_id,
        reason: { ...deadLetterRecord().reason, code },
        occurred_at: now,
        ...more,
      }),
    );
  await bench.tell(...dead("1", "undecodable"), ...dead("2", "undecodable"), ...dead("3", "invalid_record"));
  const found = async (query: string) =>
    (await items(`/v1/status/dead-letters?${query}`)).map(({ id }) => id);
  expect(await found("")).toEqual(["3", "2", "1"]);
  expect(await found("reason=undecodable")).toEqual(["2", "1"]);
  expect(await found("fault_class=pace")).toEqual([]);
  expect(await items("/v1/status/dead-letters/reasons")).toMatchObject([
    { reason: "undecodable", count: 2, last_at: new Date(now).toISOString() },
    { reason: "invalid_record", count: 1 },
  ]);
});

test("what was given up of no known tenant is the operator's to read, and nobody else's", async () => {
  await bench.tell(
    ...entries(topics.dead, deadLetterRecord({ dead_id: "x", tenant: null, occurred_at: now })),
  );
  const path = "/v1/status/dead-letters?unplaced=true";
  expect((await bench.get(path, "operator")).body).toMatchObject({ items: [{ id: "x", tenant: "" }] });
  expect((await bench.get("/v1/status/dead-letters/reasons?unplaced=true", "operator")).body).toMatchObject({
    items: [{ count: 1 }],
  });
  expect((await bench.get("/v1/status/dead-letters", "operator")).body).toMatchObject({ items: [] });
  for (const [as, headers] of [
    ["acme", {}],
    // In a tenant's name the operator sees what the tenant would.
    ["operator", { "wamesh-tenant": "acme" }],
  ] as const)
    expect(await bench.get(path, as, headers)).toMatchObject({
      status: 403,
      body: { code: "operator_only" },
    });
});

test("who changed what is listed by key, by thing and by action", async () => {
  const changed = (event_id: string, more: object) =>
    entries(topics.audit, auditEntry({ event_id, occurred_at: now, ...more }));
  await bench.tell(
    ...changed("1", { detail: '{"name":"n"}' }),
    ...changed("2", { action: "rule.changed", object_kind: "rule", object_id: "rul_1" }),
    ...changed("3", { actor_tenant: "operator", actor_key: "operatorskey", detail: "no json" }),
  );
  const found = async (query: string) => (await items(`/v1/status/audit?${query}`)).map(({ id }) => id);
  expect(await found("")).toEqual(["3", "2", "1"]);
  expect(await found("actor_key=operatorskey")).toEqual(["3"]);
  expect(await found("object_kind=rule&object_id=rul_1")).toEqual(["2"]);
  expect(await found("action=session.created&limit=1")).toEqual(["3"]);
  expect(await items("/v1/status/audit")).toMatchObject([
    { actor: { tenant: "operator" }, detail: "no json" },
    { object: { kind: "rule" } },
    { detail: { name: "n" }, occurred_at: new Date(now).toISOString() },
  ]);
});

test.each([
  "analytics?interval=year",
  "analytics?by=person",
  "usage?month=2026-13",
  "deliveries?outcome=lost",
])("%s is refused", async (path) => {
  expect(await bench.get(`/v1/status/${path}`)).toMatchObject({ status: 400 });
});
