// The routes on a real Postgres: what a tenant may learn, and that it learns nothing of others.
import { topics } from "@wamesh/events";
import { connect } from "@wamesh/store";
import {
  auditEntry,
  deadLetterRecord,
  domainEvent,
  eventOutcome,
  inboundMessage,
  sessionEvent,
  sessionState,
  until,
  webhookDelivery,
} from "@wamesh/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { campaignState, entriesOf, messageIds, outbound, status } from "./arbitrary-history.ts";
import { type Bench, entries, keys, now, openBench, schema, secret } from "./test-bench.ts";
import type { Entry } from "./view.ts";

const [first, second, third] = messageIds as [string, string, string];

let bench: Bench;
const get: Bench["get"] = (...asked) => bench.get(...asked);
const tell: Bench["tell"] = (...told) => bench.tell(...told);

beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench?.close());
beforeEach(() => bench.empty());

function event(tenant: string, id: string, source = "/crm"): Entry[] {
  return entries(topics.domainEvent, domainEvent({ tenant, event_id: id, source }));
}

function outcome(tenant: string, id: string, source = "/crm"): Entry[] {
  const of = { tenant, source_event_id: id, source_event_source: source };
  return entries(
    topics.eventOutcome,
    eventOutcome({ ...of, rule: "rul_1", rule_version: 2, message_ids: [first] }),
  );
}

describe("GET /v1/status/messages/{id}", () => {
  test("tells where a message stands and how it got there", async () => {
    await tell(
      ...entriesOf(outbound("acme", first)),
      ...entriesOf(status("acme", first, { status: "read", origin: "provider", at: Date.UTC(2026, 10, 2) })),
      ...entriesOf(status("acme", first, { status: "reference", origin: "provider" })),
    );
    const { status: code, body } = await get(`/v1/status/messages/${first.toUpperCase()}`);
    expect(code).toBe(200);
    expect(body).toMatchObject({
      id: first,
      tenant: "acme",
      status: "read",
      lane: "standard",
      session_id: "ses_acme",
      recipient: { kind: "phone", value: "+15550000001" },
      external_ref: `ref ${first}`,
      provider_id: `wamid.${first}.1`,
      claim: 1,
      reason: null,
      accepted_at: "2026-11-01T00:00:00.000Z",
      delivered_at: "2026-11-02T00:00:00.000Z",
      read_at: "2026-11-02T00:00:00.000Z",
      timeline: [
        { status: "accepted", origin: "mesh", claim: 0, reason: null },
        { status: "read", origin: "provider", claim: 1, recorded_at: "2026-11-02T00:00:00.005Z" },
      ],
    });
  });

  test("a failed one says why", async () => {
    await tell(...entriesOf(status("acme", first, { status: "failed" })));
    expect((await get(`/v1/status/messages/${first}`)).body).toMatchObject({
      status: "failed",
      recipient: null,
      reason: {
        code: "attempts_exhausted",
        fault_class: "provider",
        provider_code: "131000",
        detail: "claim 1",
      },
    });
  });

  test("one not yet seen is a 404 that says when to ask again", async () => {
    const answer = await get(`/v1/status/messages/${first}`);
    expect(answer).toMatchObject({ status: 404, retryAfter: "1", body: { code: "not_yet_seen" } });
  });

  test("one of which only a reference is known is not yet seen", async () => {
    await tell(...entriesOf(status("acme", first, { status: "reference" })));
    expect(await get(`/v1/status/messages/${first}`)).toMatchObject({ status: 404 });
  });

  test("with wait it answers as soon as the message is seen", async () => {
    const answer = get(`/v1/status/messages/${first}?wait=30`);
    await until(() => bench.arrivals.waiting() === 1);
    await tell(...entriesOf(outbound("globex", first)), ...entriesOf(outbound("acme", second)));
    await tell(...entriesOf(outbound("acme", first)));
    expect(await answer).toMatchObject({ status: 200, body: { tenant: "acme", status: "accepted" } });
  });

  test("with wait it ends when the wait does", async () => {
    expect(await get(`/v1/status/messages/${first}?wait=1`)).toMatchObject({ status: 404 });
  });

  test.each(["31", "-1", "x", "1.5"])("wait=%s is refused", async (wait) => {
    expect(await get(`/v1/status/messages/${first}?wait=${wait}`)).toMatchObject({
      status: 400,
      body: { code: "invalid_query", errors: [{ field: "wait" }] },
    });
  });

  test("an id that no message can have is not found", async () => {
    expect(await get("/v1/status/messages/none")).toMatchObject({ status: 404, body: { code: "not_found" } });
  });
});

describe("GET /v1/status/messages", () => {
  test.each(["", "&session=ses_acme", "&lane=standard"])(
    "%s pages through all of them, newest first, each once",
    async (filter) => {
      const ids = Array.from(
        { length: 25 },
        (_, i) => `00000000-0000-8000-8000-${String(i).padStart(12, "0")}`,
      );
      // Several share a moment, so the cursor must tell them apart by id.
      for (const [i, id] of ids.entries()) {
        await tell(...entriesOf(outbound("acme", id, { accepted_at: now + Math.floor(i / 4) * 1_000 })));
        // Of several statuses, which the list of all is merged from.
        const at = now + 60_000;
        if (i % 3 === 0)
          await tell(...entriesOf(status("acme", id, { status: "sent", at }, { queued_at: at })));
      }
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const { body } = await get(
          `/v1/status/messages?limit=7${filter}${cursor === null ? "" : `&cursor=${cursor}`}`,
        );
        const { items, next_cursor } = body as { items: { id: string }[]; next_cursor: string | null };
        seen.push(...items.map(({ id }) => id));
        cursor = next_cursor;
      } while (cursor !== null);
      expect(seen).toEqual(ids.toReversed());
    },
  );

  test.each([
    ["status=sent", [second]],
    ["status=queued", []],
    ["lane=standard", [third, second, first]],
    ["lane=otp", []],
    ["session_id=ses_acme&status=accepted", [third, first]],
    ["session_id=ses_other", []],
    [`external_ref=ref ${third}`, [third]],
    ["session=ses_acme", [third, second, first]],
    ["recipient=%2B15550000001", [third, second, first]],
    ["recipient=%2B15550000002", []],
    ["campaign=cmp_1", [second]],
    ["campaign=cmp_1&status=accepted", []],
    ["campaign=cmp_1&lane=otp", []],
    ["rule=rul_1", [second]],
    ["error=ttl_expired", [second]],
    ["error=ttl_expired&campaign=cmp_1", [second]],
    ["error=ttl_expired&status=failed", []],
    ["lane=standard&status=sent", [second]],
    ["since=2026-11-01T00:00:00Z", [third, second, first]],
    ["until=2026-11-01T00:00:00Z", []],
    ["session=ses_acme&until=2026-11-01T00:00:00Z", []],
  ])("%s", async (query, ids) => {
    for (const id of messageIds) await tell(...entriesOf(outbound("acme", id)));
    const reason = { code: "ttl_expired", fault_class: "pace", provider_code: null, detail: "" } as const;
    const about = { campaign: "cmp_1", rule: "rul_1", reason };
    await tell(...entriesOf(status("acme", second, { status: "sent" }, about)));
    const { body } = await get(`/v1/status/messages?${query}`);
    expect((body as { items: { id: string }[] }).items.map(({ id }) => id)).toEqual(ids);
  });

  test.each(["status=gone", "limit=201", "limit=0", "cursor=x", "sort=up"])(
    "%s is refused",
    async (query) => {
      expect(await get(`/v1/status/messages?${query}`)).toMatchObject({
        status: 400,
        body: { code: "invalid_query" },
      });
    },
  );
});

describe("GET /v1/status/events/{id}", () => {
  test("tells what became of an event", async () => {
    await tell(...event("acme", "e 1"));
    expect((await get("/v1/status/events/e%201")).body).toMatchObject({ id: "e 1", outcomes: [] });
    await tell(...outcome("acme", "e 1"));
    expect((await get("/v1/status/events/e%201?source=/crm")).body).toMatchObject({
      source: "/crm",
      type: "user_onboarded",
      outcomes: [{ outcome: "messages", rule: "rul_1", rule_version: 2, message_ids: [first] }],
    });
  });

  test("its outcome may be known before the event itself", async () => {
    await tell(...outcome("acme", "e1"));
    expect((await get("/v1/status/events/e1")).body).toMatchObject({
      type: "user_onboarded",
      received_at: null,
    });
  });

  test("two sources with the same id are told apart by source", async () => {
    await tell(...event("acme", "e1"), ...outcome("acme", "e1"), ...event("acme", "e1", "/shop"));
    expect(await get("/v1/status/events/e1")).toMatchObject({
      status: 409,
      body: { errors: [{ field: "source" }] },
    });
    expect((await get("/v1/status/events/e1?source=/shop")).body).toMatchObject({
      source: "/shop",
      outcomes: [],
    });
  });

  test("tells the story of each step, the last word of each, in whatever order it is read", async () => {
    const of = { source_event_id: "cart-1", source_event_source: "/crm", rule: "rul_1", rule_version: 1 };
    const said = (step: number, over: object) =>
      entries(
        topics.eventOutcome,
        eventOutcome({ ...of, event_id: `cart-1-${step}`, step, message_ids: [], ...over }),
      );
    const at = Date.parse("2026-11-20T10:00:00Z");
    const scheduled = { outcome: "scheduled", recorded_at: at, due_at: at + 3_600_000 } as const;
    const code = (code: string) =>
      ({ code, fault_class: "policy", provider_code: null, detail: "" }) as const;
    await tell(...event("acme", "cart-1"));
    await tell(
      ...said(2, {
        outcome: "cancelled",
        recorded_at: at + 5,
        due_at: scheduled.due_at,
        reason: code("cancelled_by_event"),
        cancelled_by_event: "order-1",
        cancelled_by_source: "/shop",
      }),
    );
    await tell(...said(1, scheduled), ...said(2, scheduled));
    await tell(...said(0, { outcome: "messages", message_ids: [first], recorded_at: at }));
    const { body } = await get("/v1/status/events/cart-1?source=/crm");
    expect(body).toMatchObject({
      outcomes: [
        { step: 0, outcome: "messages", message_ids: [first], due_at: null, cancelled_by: null },
        { step: 1, outcome: "scheduled", due_at: "2026-11-20T11:00:00.000Z", reason: null },
        {
          step: 2,
          outcome: "cancelled",
          reason: { code: "cancelled_by_event" },
          cancelled_by: { id: "order-1", source: "/shop" },
        },
      ],
    });
  });

  test("one not yet seen is a 404 that says when to ask again", async () => {
    expect(await get("/v1/status/events/e1")).toMatchObject({
      status: 404,
      retryAfter: "1",
      body: { code: "not_yet_seen" },
    });
  });
});

describe("GET /v1/status/events", () => {
  const list = async (query: string) => {
    const { body } = await get(`/v1/status/events?${query}`);
    return body as {
      items: { id: string; source: string; outcomes: object[] }[];
      next_cursor: string | null;
    };
  };

  test("lists newest first, page by page, also those of one moment", async () => {
    for (const source of ["/a", "/b", "/c"]) await tell(...event("acme", "e1", source));
    await tell(...event("globex", "e2"));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { items, next_cursor } = await list(`limit=2${cursor === null ? "" : `&cursor=${cursor}`}`);
      seen.push(...items.map(({ source }) => source));
      cursor = next_cursor;
    } while (cursor !== null);
    expect(seen).toEqual(["/c", "/b", "/a"]);
  });

  test("filters by what became of an event, and by rule, type and source", async () => {
    await tell(...event("acme", "e1"), ...outcome("acme", "e1"), ...event("acme", "e2", "/shop"));
    const ids = async (query: string) => (await list(query)).items.map(({ id }) => id);
    expect(await ids("outcome=messages")).toEqual(["e1"]);
    expect(await ids("outcome=failed")).toEqual([]);
    expect(await ids("rule=rul_1")).toEqual(["e1"]);
    expect(await ids("source=/shop")).toEqual(["e2"]);
    expect(await ids("type=nothing")).toEqual([]);
    expect((await list("outcome=messages")).items[0]!.outcomes).toMatchObject([{ rule: "rul_1" }]);
    expect(await get("/v1/status/events?outcome=gone")).toMatchObject({ status: 400 });
  });
});

describe("GET /v1/status/counters", () => {
  beforeEach(async () => {
    for (const id of messageIds) await tell(...entriesOf(outbound("acme", id)));
    await tell(
      ...entriesOf(status("acme", second, { status: "delivered", origin: "provider" })),
      ...entriesOf(outbound("globex", first)),
      ...event("acme", "e1"),
      ...event("acme", "e1"),
    );
  });

  test("counts a tenant's messages where they stand, and its events once", async () => {
    expect((await get("/v1/status/counters")).body).toEqual({
      tenant: "acme",
      accepted: 3,
      waiting: 2,
      queued: 0,
      in_doubt: 0,
      unconfirmed: 0,
      sent: 1,
      delivered: 1,
      read: 0,
      failed: 0,
      expired: 0,
      cancelled: 0,
      inbound: 0,
      events: 1,
      as_of: "2026-11-20T00:00:00.000Z",
    });
  });

  test("a tenant without anything has zeros, not an error", async () => {
    expect((await get("/v1/status/counters", "operator", { "wamesh-tenant": "globex" })).body).toMatchObject({
      tenant: "globex",
      accepted: 1,
      sent: 0,
    });
  });

  test.each([
    ["its own: totals of all", "", {}, { tenant: "operator", accepted: 4, sent: 1 }],
    ["a tenant by query", "?tenant=globex", {}, { tenant: "globex", accepted: 1, sent: 0 }],
    ["a tenant by header", "", { "wamesh-tenant": "acme" }, { tenant: "acme", accepted: 3, sent: 1 }],
  ])("the operator sees %s", async (_, query, headers, expected) => {
    expect((await get(`/v1/status/counters${query}`, "operator", headers)).body).toMatchObject(expected);
  });

  test.each(["globex", "operator", "nobody"])("acme's key learns nothing of %s", async (tenant) => {
    expect(await get(`/v1/status/counters?tenant=${tenant}`)).toMatchObject({
      status: 403,
      body: { code: "tenant_forbidden" },
    });
  });
});

describe("every route", () => {
  beforeEach(async () => {
    await tell(
      ...entriesOf(outbound("acme", first, { campaign: "cmp_1" })),
      ...entriesOf(outbound("acme", second)),
      ...entriesOf(status("acme", second, { status: "sent" })),
      ...entriesOf(status("acme", third, { status: "in_doubt" })),
      ...entries(topics.campaignState, campaignState()),
      ...entries(topics.webhookDelivery, webhookDelivery()),
      ...entries(topics.dead, deadLetterRecord()),
      ...entries(topics.audit, auditEntry()),
      ...event("acme", "e1"),
      ...outcome("acme", "e1"),
      ...entries(topics.messageInbound, inboundMessage()),
      ...entries(topics.sessionState, sessionState()),
      ...entries(topics.sessionEvent, sessionEvent()),
    );
  });

  /** A path under which acme has something, for each route there is. */
  const filled: Record<string, string> = {
    "/v1/status/messages/{id}": `/v1/status/messages/${first}`,
    "/v1/status/messages": "/v1/status/messages",
    "/v1/status/events/{id}": "/v1/status/events/e1",
    "/v1/status/events": "/v1/status/events",
    "/v1/status/counters": "/v1/status/counters",
    "/v1/status/inbound": "/v1/status/inbound",
    "/v1/status/sessions/{id}/events": "/v1/status/sessions/session-1/events",
    "/v1/status/campaigns": "/v1/status/campaigns",
    "/v1/status/campaigns/{id}": "/v1/status/campaigns/cmp_1",
    "/v1/status/campaigns/{id}/curve": "/v1/status/campaigns/cmp_1/curve",
    "/v1/status/overview": "/v1/status/overview",
    "/v1/status/tenants": "/v1/status/tenants",
    "/v1/status/sessions": "/v1/status/sessions",
    "/v1/status/analytics": "/v1/status/analytics?from=2026-11-01T00:00:00Z",
    "/v1/status/usage": "/v1/status/usage?month=2026-11",
    "/v1/status/ledger": "/v1/status/ledger?from=2026-11-01T00:00:00Z",
    "/v1/status/doubts": "/v1/status/doubts",
    "/v1/status/deliveries": "/v1/status/deliveries",
    "/v1/status/dead-letters": "/v1/status/dead-letters",
    "/v1/status/dead-letters/reasons": "/v1/status/dead-letters/reasons",
    "/v1/status/audit": "/v1/status/audit",
  };
  /** Those that tell of rows; the stream and the console's own have tests beside them. */
  const reads = ({ routes }: Bench["api"]) =>
    routes().filter(({ path, scope }) => scope !== null && !path.startsWith("/v1/status/stream"));
  const pathOf = (path: string) => filled[path] ?? expect.fail(`the test knows no path for ${path}`);

  test("shows another tenant nothing of it", async () => {
    for (const { path } of reads(bench.api)) {
      const own = await get(pathOf(path));
      const other = await get(pathOf(path), "globex");
      expect([path, own.status]).toEqual([path, 200]);
      // Its own is an answer that is not the one for who has nothing.
      expect([path, own.body]).not.toEqual([path, other.body]);
      expect(JSON.stringify(other.body)).not.toMatch(
        /acme|user_onboarded|"accepted":[1-9]|"connected"[,}]|cmp_1|:"cancelled"/,
      );
    }
  });

  test("refuses to act for a tenant out of reach", async () => {
    for (const { path } of reads(bench.api))
      expect(await get(pathOf(path), "globex", { "wamesh-tenant": "acme" })).toMatchObject({ status: 403 });
  });

  test("asks for a key with the scope", async () => {
    for (const { path } of reads(bench.api)) {
      expect((await bench.api.app.request(pathOf(path))).status).toBe(401);
      expect(await get(pathOf(path), "narrow")).toMatchObject({
        status: 403,
        body: { code: "forbidden_scope" },
      });
    }
  });

  test("answers 503 while the database is away", async () => {
    const away = connect({ url: "postgres://a@127.0.0.1:1/a", schema, max: 1, applicationName: "x" });
    const unable = bench.apiOn(away);
    for (const { path } of reads(unable)) {
      const headers = { authorization: `Bearer wam_${keys.acme}_${secret}` };
      const response = await unable.app.request(pathOf(path), { headers });
      expect([response.status, response.headers.has("retry-after")]).toEqual([503, true]);
    }
    await away.end();
  });
});
