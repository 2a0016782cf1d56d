// The live stream between a real Postgres and real connections, on two instances.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { topics } from "@wamesh/events";
import type { KeyDirectory } from "@wamesh/http";
import { type Listening, listen } from "@wamesh/http";
import { connect, type Sql, withTenants } from "@wamesh/store";
import { type FreshDatabase, freshDatabase, sessionState, until } from "@wamesh/testing";
import { keyVerifier, sealedSession } from "@wamesh/vault";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { applyBatch } from "../apply.ts";
import { campaignState, entriesOf, outbound, status } from "../arbitrary-history.ts";
import { watchArrivals } from "../arrivals.ts";
import { createQueryApi } from "../query.ts";
import { entries, testConsole } from "../test-bench.ts";
import type { Entry } from "../view.ts";
import { forgetChanges } from "./changes.ts";
import { createCounterReads } from "./counter-reads.ts";
import { createHub, type Hub } from "./hub.ts";
import { streamTokens, tokenMs } from "./stream-token.ts";

const schema = "projection";
const ring = [{ id: "test", secret: "p".repeat(16) }];
const secret = "s".repeat(40);
const owners: Record<string, string> = {
  acme00000000: "acme",
  globex000000: "globex",
  operator0000: "operator",
};
const limits = { perTenant: 3, all: 4 };

let database: FreshDatabase;
let sql: Sql;
let now: number;
let revoked: Set<string>;
const instances: Instance[] = [];
let here: Instance;
let there: Instance;

type Instance = { url: string; hub: Hub; sql: Sql; listening: Listening; stop(): Promise<void> };
type Heard = { event: string; data: Record<string, unknown> };

const directory: KeyDirectory = {
  key: (id) => {
    const tenant = owners[id];
    if (tenant === undefined) return undefined;
    const state = revoked.has(id) ? "revoked" : "active";
    return { tenant, state, secretHashes: [secret], scopes: ["status:read"], expiresAt: null };
  },
  tenant: (id) =>
    Object.values(owners).includes(id) ? { state: "active", isOperator: id === "operator" } : undefined,
  mayActFor: (actor, tenant) => actor === tenant || actor === "operator",
  freshMs: () => 0,
};

async function instance(): Promise<Instance> {
  const own = connect({ url: database.appUrl(schema), schema, max: 5, applicationName: "projector-test" });
  const hub = createHub({
    sql: own,
    counters: createCounterReads({
      sql: own,
      isOperator: (tenant) => tenant === "operator",
      elapsedMs: () => performance.now(),
    }),
    limits,
    metrics: { ticked() {}, reset() {} },
    onError: () => {},
  });
  const arrivals = watchArrivals(own);
  const api = createQueryApi({
    sql: own,
    arrivals,
    dispatch: { of: () => [] },
    hub,
    tokens: streamTokens(ring),
    console: testConsole(),
    family: { childrenOf: () => [] },
    now: () => now,
    version: "0",
    log: { info() {}, error() {} },
    auth: {
      directory,
      verifySecret: (given, hashes) => hashes.includes(given),
      openSession: keyVerifier(ring).openSession,
    },
  });
  const listening = await listen(api.app, { host: "127.0.0.1", port: 0 });
  const stop = async () => {
    arrivals.stop();
    await hub.stop();
    await listening.close(100);
    await own.end();
  };
  return { url: listening.url, hub, sql: own, listening, stop };
}

beforeAll(async () => {
  database = await freshDatabase({
    migrations: [{ schema, dirs: [join(import.meta.dirname, "../../migrations")] }],
  });
  sql = connect({ url: database.appUrl(schema), schema, max: 5, applicationName: "projector-test" });
});
afterAll(async () => {
  await sql?.end();
  await database?.drop();
});
beforeEach(async () => {
  now = Date.UTC(2026, 10, 20);
  revoked = new Set();
  here = await instance();
  there = await instance();
  instances.push(here, there);
});
afterEach(async () => {
  for (const one of instances.splice(0)) await one.stop();
});

let offset = 0;
async function tell(...told: Entry[]): Promise<void> {
  const position = { consumer: "test", cluster: "k", topic: "t", partition: 0 };
  await applyBatch(sql, position, [{ offset, entries: told }], ++offset);
}

const bearer = (tenant: string) => {
  const keyId = Object.entries(owners).find(([, owner]) => owner === tenant)![0];
  return { authorization: `Bearer wam_${keyId}_${secret}` };
};

async function tokenOf(tenant: string, as = tenant): Promise<string> {
  const answer = await fetch(`${here.url}/v1/status/stream/token`, {
    method: "POST",
    headers: { ...bearer(as), "wamesh-tenant": tenant },
  });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { token: string }).token;
}

/** A client that reads on until it is closed. */
async function listenTo(of: {
  at?: Instance;
  token: string;
  query?: string;
  headers?: Record<string, string>;
}) {
  const abort = new AbortController();
  const answer = await fetch(`${(of.at ?? here).url}/v1/status/stream?token=${of.token}${of.query ?? ""}`, {
    signal: abort.signal,
    headers: of.headers ?? {},
  });
  const heard: Heard[] = [];
  const client = { answer, heard, lastId: "", ended: false, close: () => abort.abort() };
  const code = answer.status === 200 ? null : ((await answer.json()) as { code: string }).code;
  if (code === null) void read().catch(() => {});
  async function read() {
    let rest = "";
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split("\n\n");
      rest = blocks.pop()!;
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
        const [event, data, id] = [field("event"), field("data"), field("id")];
        if (id !== undefined) client.lastId = id;
        if (event !== undefined && data !== undefined) heard.push({ event, data: JSON.parse(data) });
      }
    }
    client.ended = true;
  }
  return Object.assign(client, {
    code,
    status: answer.status,
    of: (event: string) => heard.filter((one) => one.event === event).map(({ data }) => data),
  });
}

type Counts = Record<string, number>;
type Client = Awaited<ReturnType<typeof listenTo>>;
const greeted = (client: Client) => until(() => client.of("hello").length > 0, { what: "hello" });
const heardOf = (client: Client, id: string, s: string) =>
  until(() => client.of("message").some((one) => one.id === id && one.s === s), { what: `${id} ${s}` });

describe("a stream", () => {
  test("tells what changes of its tenant, slim, and nothing of another's", async () => {
    const [mine, theirs] = [
      await listenTo({ token: await tokenOf("acme") }),
      await listenTo({ token: await tokenOf("globex") }),
    ];
    await Promise.all([greeted(mine), greeted(theirs)]);
    expect(mine.answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(mine.of("hello")).toEqual([{ tenant: "acme", reset: false }]);
    const id = randomUUID();
    await tell(...entriesOf(outbound("acme", id)));
    await heardOf(mine, id, "accepted");
    await tell(...entriesOf(status("acme", id, { status: "sent" })));
    await heardOf(mine, id, "sent");
    const [last] = mine.of("message").slice(-1);
    expect(last).toEqual({ id, c: 1, s: "sent", l: "standard", n: "ses_acme", t: expect.any(Number) });
    await tell(
      ...entries(
        topics.sessionState,
        sessionState({ tenant: "acme", session: "ses_1", status: "need_scan" }),
      ),
    );
    await until(() => mine.of("session").length > 0);
    expect(mine.of("session")).toEqual([{ id: "ses_1", status: "need_scan" }]);
    await until(() => mine.of("counters").some(({ sent }) => sent === 1));
    // Something of its own comes behind all that: nothing of acme's was on the way to it.
    const own = randomUUID();
    await tell(...entriesOf(outbound("globex", own)));
    await heardOf(theirs, own, "accepted");
    expect(theirs.of("message").map((one) => one.id)).toEqual([own]);
    expect(JSON.stringify(theirs.heard)).not.toContain("acme");
  });

  test("tells how a campaign goes on, also when only its messages do", async () => {
    const client = await listenTo({ token: await tokenOf("acme"), query: "&events=campaign" });
    await greeted(client);
    const state = campaignState({ tenant: "acme", campaign: "cmp_1", state: "processing", expanded: 2 });
    await tell(...entries(topics.campaignState, state));
    await until(() => client.of("campaign").length > 0);
    const id = randomUUID();
    await tell(...entriesOf(outbound("acme", id, { campaign: "cmp_1" })));
    await until(() => client.of("campaign").some(({ counts }) => (counts as Counts).accepted === 1));
    expect(client.of("campaign")).toEqual([
      { id: "cmp_1", state: "processing", expanded: 2, counts: {} },
      { id: "cmp_1", state: "processing", expanded: 2, counts: { accepted: 1 } },
    ]);
  });

  test("tells of the events it was asked for only", async () => {
    const client = await listenTo({ token: await tokenOf("acme"), query: "&events=message" });
    await greeted(client);
    const id = randomUUID();
    await tell(...entriesOf(outbound("acme", id)));
    await heardOf(client, id, "accepted");
    expect(client.of("counters")).toEqual([]);
  });

  test("misses no transaction, however long it stays open, and in whatever order they end", async () => {
    const client = await listenTo({ token: await tokenOf("acme") });
    await greeted(client);
    const [slow, quick] = [randomUUID(), randomUUID()];
    const [written, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const open = withTenants(sql, "all", async (tx) => {
      await tx`insert into message (tenant, message_id, first_at, status, claim, state_at)
        values ('acme', ${slow}, now(), 'accepted', 0, now())`;
      await tx`insert into change (tenant, kind, ids) values ('acme', 'message', ${[slow]})`;
      written.resolve();
      await end.promise;
    });
    await written.promise;
    // Begun later, seen earlier: several looks pass before the first one ends.
    await tell(...entriesOf(outbound("acme", quick)));
    await heardOf(client, quick, "accepted");
    const next = randomUUID();
    await tell(...entriesOf(outbound("acme", next)));
    await heardOf(client, next, "accepted");
    end.resolve();
    await open;
    await heardOf(client, slow, "accepted");
    expect(client.of("message").map((one) => one.id)).toEqual([quick, next, slow]);
  });

  test("goes on after a break on another instance, and nothing is missed", async () => {
    const seen: unknown[] = [];
    const sent: string[] = [];
    let client = await listenTo({ token: await tokenOf("acme") });
    await greeted(client);
    for (let round = 0; round < 6; round++) {
      for (let n = 0; n < 5; n++) {
        sent.push(randomUUID());
        await tell(...entriesOf(outbound("acme", sent.at(-1)!)));
        // Broken off anywhere: before, between and after looks.
        if (n === round % 5) client.close();
      }
      seen.push(...client.of("message").map((one) => one.id));
      const token = await tokenOf("acme");
      client = await listenTo({
        at: round % 2 === 0 ? there : here,
        token,
        query: `&last_event_id=${client.lastId}`,
      });
      await greeted(client);
      expect(client.of("hello")).toEqual([{ tenant: "acme", reset: false }]);
    }
    await heardOf(client, sent.at(-1)!, "accepted");
    expect(new Set([...seen, ...client.of("message").map((one) => one.id)])).toEqual(new Set(sent));
  });

  test.each([
    ["where nobody knows what it was", "&last_event_id=nonsense"],
    ["longer ago than changes are kept", "&last_event_id=700-1000000"],
    ["in a database that was another", `&last_event_id=999999999999-${Date.now()}`],
  ])("that left off %s is told to fetch anew", async (_when, query) => {
    const client = await listenTo({ token: await tokenOf("acme"), query });
    await greeted(client);
    expect(client.of("hello")).toEqual([{ tenant: "acme", reset: true }]);
  });

  test("goes on when the database was away", async () => {
    const client = await listenTo({ token: await tokenOf("acme") });
    await greeted(client);
    const id = randomUUID();
    // All connections of the instance, while it looks every half second.
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'projector-test' and datname = current_database() and pid <> pg_backend_pid()`;
    await until(() => tell(...entriesOf(outbound("acme", id))).then(() => true));
    await heardOf(client, id, "accepted");
  });

  test("of the operator shows the totals of all tenants", async () => {
    const client = await listenTo({ token: await tokenOf("operator") });
    await until(() => client.of("counters").length > 0);
    const before = client.of("counters").at(-1)!.accepted as number;
    await tell(...entriesOf(outbound("globex", randomUUID())));
    await until(() => client.of("counters").at(-1)!.accepted === before + 1);
  });
});

describe("who may open it", () => {
  test("without a token, or with one that has expired, is 401", async () => {
    const token = await tokenOf("acme");
    expect(await listenTo({ token: "" })).toMatchObject({ status: 401, code: "unauthorized" });
    now += tokenMs;
    expect(await listenTo({ token })).toMatchObject({ status: 401, code: "unauthorized" });
  });

  test("a session's cookie is no token, though sealed under the same ring", async () => {
    const token = sealedSession(ring).seal(`wam_acme00000000_${secret}`, now);
    expect(await listenTo({ token })).toMatchObject({ status: 401 });
  });

  test("another tenant's token is 403 for who shows a key of their own, or is signed in", async () => {
    const token = await tokenOf("acme");
    const cookie = `wamesh_session=${sealedSession(ring).seal(`wam_globex000000_${secret}`, now)}`;
    for (const headers of [bearer("globex"), { cookie }])
      expect(await listenTo({ token, headers })).toMatchObject({ status: 403, code: "tenant_forbidden" });
    const operator = await listenTo({ token, headers: bearer("operator") });
    expect(operator.status).toBe(200);
  });

  test("nobody gets a token for a tenant they do not reach", async () => {
    const headers = { ...bearer("globex"), "wamesh-tenant": "acme" };
    const answer = await fetch(`${here.url}/v1/status/stream/token`, { method: "POST", headers });
    expect(answer.status).toBe(403);
  });

  test("a revoked key opens nothing, and what it opened ends within seconds", async () => {
    const token = await tokenOf("acme");
    const client = await listenTo({ token });
    await greeted(client);
    revoked.add("acme00000000");
    await until(() => client.ended, { what: "its end", withinMs: 3_000 });
    expect(await listenTo({ token })).toMatchObject({ status: 401, code: "key_revoked" });
    expect(here.hub.count()).toBe(0);
  });

  test("there are only so many, of a tenant and in all; who leaves makes room", async () => {
    const token = await tokenOf("acme");
    const clients = [await listenTo({ token }), await listenTo({ token }), await listenTo({ token })];
    expect(await listenTo({ token })).toMatchObject({ status: 429, code: "rate_limited" });
    const other = await tokenOf("globex");
    clients.push(await listenTo({ token: other }));
    expect(await listenTo({ token: other })).toMatchObject({ status: 429 });
    clients[0]!.close();
    await until(() => here.hub.count() === 3);
    expect(await listenTo({ token: other })).toMatchObject({ status: 200 });
  });
});

test("changes are forgotten after ten minutes, rows are not", async () => {
  const id = randomUUID();
  await tell(...entriesOf(outbound("acme", id)));
  const count = (table: string) =>
    withTenants(
      sql,
      "all",
      async (tx) => (await tx.unsafe<{ n: number }[]>(`select count(*) as n from ${table}`))[0]!.n,
    );
  await withTenants(
    sql,
    "all",
    (tx) => tx`update change set at = at - interval '10 minutes' where not ${id} = any(ids)`,
  );
  const messages = await count("message");
  await forgetChanges(sql);
  expect(await count("change")).toBe(1);
  expect(await count("message")).toBe(messages);
});
