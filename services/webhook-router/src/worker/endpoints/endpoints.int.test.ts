import { randomBytes } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { parseAllowList } from "@wamesh/egress";
import type { AuditEntry, WebhookDelivery } from "@wamesh/events";
import { type Api, createApi } from "@wamesh/http";
import type { OutgoingRecord } from "@wamesh/kafka";
import { connect, type Sql, withTenants } from "@wamesh/store";
import { type FreshDatabase, freshDatabase, messageStatus, until } from "@wamesh/testing";
import { createVault } from "@wamesh/vault";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCaller } from "../deliveries/call.ts";
import { startDelivering } from "../deliveries/deliver.ts";
import { announceDue, listenForSignals } from "../deliveries/signal.ts";
import { addDeliveries, createDeliveryStore } from "../deliveries/store.ts";
import { deliveriesOf } from "../deliveries/subscription.ts";
import { ofStatus } from "../deliveries/webhook-event.ts";
import { endpointRoutes } from "./routes/all.ts";

// What a tenant does with its endpoints, on a real database, with the loop and a real receiver behind it.

type Post = { path: string; headers: Record<string, string>; body: string };
type Made = { id: string; secret: string };
type Listed = {
  items: {
    id: string;
    status: string;
    attempts_made: number;
    replayed: boolean;
    last_attempt: object | null;
  }[];
  next_cursor: string | null;
};

let database: FreshDatabase;
let workers: Sql;
let requests: Sql;
let api: Api;
let origin: string;
let posts: Post[];
let produced: WebhookDelivery[];
let answer: (post: Post, response: ServerResponse) => void;
let closers: (() => Promise<unknown> | unknown)[];
const vault = createVault({ ring: [{ id: "test", key: randomBytes(32) }] });
const secret = "s".repeat(40);
const keys: Record<string, string> = { acme: "aaaaaaaaaaaa", globex: "bbbbbbbbbbbb" };
const encoded = (one: WebhookDelivery | AuditEntry) =>
  ({
    topic: "event_type" in one ? "delivery" : "audit",
    partition: 0,
    key: one.tenant,
    value: Buffer.from(JSON.stringify(one)),
    headers: {},
  }) satisfies OutgoingRecord & { key: string };

beforeEach(async () => {
  const dirs = [join(import.meta.dirname, "../../../migrations")];
  database = await freshDatabase({ migrations: [{ schema: "webhooks", dirs }] });
  closers = [() => database.drop()];
  const pool = (sees: { tenants?: "all" }) => {
    const url = database.appUrl("webhooks");
    const sql = connect({ url, schema: "webhooks", max: 6, applicationName: "test", ...sees });
    closers.push(() => sql.end());
    return sql;
  };
  workers = pool({ tenants: "all" });
  requests = pool({});
  posts = [];
  produced = [];
  answer = (_post, response) => void response.writeHead(204).end();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const post = {
        path: request.url ?? "",
        headers: request.headers as IncomingHttpHeaders as Record<string, string>,
        body: Buffer.concat(parts).toString(),
      };
      posts.push(post);
      answer(post, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const allow = parseAllowList("127.0.0.1/32:*");
  const caller = createCaller({ allow, now: Date.now, deadlineMs: 1000 });
  const delivering = startDelivering({
    store: createDeliveryStore(workers),
    call: caller.call,
    produce: async (records) => {
      for (const { value } of records) produced.push(JSON.parse(String(value)) as WebhookDelivery);
    },
    records: { delivery: encoded },
    vault,
    leads: () => true,
    slots: 64,
    weightOf: () => 1,
    now: Date.now,
    monotonicMs: () => performance.now(),
    random: () => 0.5,
    count: () => {},
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: console.error },
  });
  const unlisten = await listenForSignals(workers, delivering.signal);
  closers.push(
    () => {
      server.closeAllConnections();
      server.close();
    },
    () => caller.close(),
    unlisten,
    () => delivering.stop(),
  );
  api = createApi({
    service: "webhook-router",
    version: "test",
    auth: {
      directory: {
        key: (id) => {
          const tenant = Object.keys(keys).find((one) => keys[one] === id);
          return tenant === undefined
            ? undefined
            : { tenant, state: "active", secretHashes: [], scopes: ["*"], expiresAt: null };
        },
        tenant: () => ({ state: "active", isOperator: false }),
        mayActFor: () => false,
        freshMs: () => 0,
      },
      verifySecret: () => true,
    },
    log: { info: () => {}, error: console.error },
  });
  api.add(
    ...endpointRoutes({
      sql: requests,
      records: { audit: encoded, delivery: encoded },
      vault,
      call: caller.call,
      hasSession: () => true,
      allow,
      random: randomBytes,
      now: Date.now,
      newId: () => randomBytes(8).toString("hex"),
    }),
  );
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
});

async function call<Body>(
  tenant: string,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: Body }> {
  const response = await api.app.request(path, {
    method,
    headers: { authorization: `Bearer wam_${keys[tenant]}_${secret}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === "" ? undefined : JSON.parse(text)) as Body };
}

async function create(over: object = {}): Promise<Made> {
  const body = { url: `${origin}/acme`, events: ["message.sent", "message.read"], ...over };
  const made = await call<Made>("acme", "POST", "/v1/endpoints", body);
  expect(made.status).toBe(201);
  return made.body;
}

/** What the fan-out does with a status. */
async function happen(message: string, over: Parameters<typeof messageStatus>[0] = {}): Promise<void> {
  await workers.begin(async (tx) => {
    const event = ofStatus(messageStatus({ message_id: message, ...over }))!;
    const endpoints = await tx<{ id: string; tenant: string; events: string[]; sessions: string[] | null }[]>`
      select id, tenant, events, sessions from endpoint`;
    const rows = deliveriesOf(event, endpoints);
    await addDeliveries(tx, rows);
    await announceDue(
      tx,
      rows.map(({ endpoint }) => endpoint),
    );
  });
}

const audited = async () => {
  const rows = await requests<
    { value: Buffer }[]
  >`select value from config_outbox where topic = 'audit' order by id`;
  return rows.map(({ value }) => JSON.parse(Buffer.from(value).toString()) as AuditEntry);
};
const verifies = (by: string, post: Post) => {
  try {
    new Webhook(by).verify(post.body, post.headers);
    return true;
  } catch {
    return false;
  }
};
const deliveriesPath = ({ id }: Made) => `/v1/endpoints/${id}/deliveries`;
const list = async (of: Made, query = "") =>
  (await call<Listed>("acme", "GET", deliveriesPath(of) + query)).body;
const longAgo = "2020-01-01T00:00:00Z";

describe("a secret that is rotated", () => {
  it("signs beside the new one until the overlap ends, then no more", async () => {
    const made = await create();
    const rotated = await call<Made>("acme", "POST", `/v1/endpoints/${made.id}/rotate-secret`, {
      overlap_hours: 2,
    });
    expect(rotated.status).toBe(200);
    expect(rotated.body.secret).not.toBe(made.secret);
    await happen("m1");
    await until(() => posts.length === 1);
    expect([made.secret, rotated.body.secret].map((one) => verifies(one, posts[0]!))).toEqual([true, true]);

    await withTenants(
      workers,
      "all",
      (tx) => tx`
      update endpoint set previous_until = clock_timestamp() - interval '1 second', version = version + 1`,
    );
    await happen("m2");
    await until(() => posts.length === 2);
    expect([made.secret, rotated.body.secret].map((one) => verifies(one, posts[1]!))).toEqual([false, true]);
  });

  it("without overlap is void at once", async () => {
    const made = await create();
    await happen("m1");
    await until(() => posts.length === 1);
    await call("acme", "POST", `/v1/endpoints/${made.id}/rotate-secret`, { overlap_hours: 0 });
    await happen("m2");
    await until(() => posts.length === 2);
    expect(posts.map((post) => verifies(made.secret, post))).toEqual([true, false]);
  });

  it("is told once, is sealed in the database, and in no audit entry", async () => {
    const made = await create();
    const { body } = await call<Made>("acme", "POST", `/v1/endpoints/${made.id}/rotate-secret`, {});
    expect(JSON.stringify(await call("acme", "GET", `/v1/endpoints/${made.id}`))).not.toContain("whsec_");
    const rows = await withTenants(workers, "all", (tx) => tx`select secret, previous_secret from endpoint`);
    for (const kept of [JSON.stringify(rows), JSON.stringify(await audited())])
      for (const one of [made.secret, body.secret]) expect(kept).not.toContain(one.slice(6));
    expect((await audited()).map(({ action }) => action)).toEqual([
      "endpoint.created",
      "endpoint.secret_rotated",
    ]);
  });
});

describe("a test event", () => {
  it("is sent now, signed, and its outcome is the answer", async () => {
    const made = await create();
    await call("acme", "PATCH", `/v1/endpoints/${made.id}`, { status: "disabled" });
    answer = (_post, response) => void response.writeHead(200).end("thanks");
    const tested = await call<{ id: string }>("acme", "POST", `/v1/endpoints/${made.id}/test`);
    expect(tested).toMatchObject({
      status: 200,
      body: { outcome: "delivered", http_status: 200, error: null, answer: "thanks" },
    });
    expect(JSON.parse(posts[0]!.body)).toMatchObject({
      type: "endpoint.test",
      data: { endpoint_id: made.id },
    });
    expect(posts[0]!.headers["webhook-id"]).toBe(tested.body.id);
    expect(verifies(made.secret, posts[0]!)).toBe(true);
    expect((await list(made)).items).toMatchObject([{ id: tested.body.id, status: "delivered" }]);
    const outbox = await requests`select from config_outbox where topic = 'delivery'`;
    expect(outbox).toHaveLength(1);
  });

  it("that fails says why, and is not repeated", async () => {
    const made = await create();
    answer = (_post, response) => void response.writeHead(500).end("no: whsec_abcdef");
    const tested = await call("acme", "POST", `/v1/endpoints/${made.id}/test`);
    expect(tested.body).toMatchObject({ outcome: "given_up", http_status: 500, answer: "no: [redacted]" });
    expect((await list(made)).items).toMatchObject([{ status: "given_up", attempts_made: 1 }]);
    answer = () => {};
    expect((await call("acme", "POST", `/v1/endpoints/${made.id}/test`)).body).toMatchObject({
      outcome: "given_up",
      http_status: null,
      error: "timeout",
    });
  });

  it("is one at a time", async () => {
    const made = await create();
    const hanging: ServerResponse[] = [];
    answer = (_post, response) => void hanging.push(response);
    const first = call("acme", "POST", `/v1/endpoints/${made.id}/test`);
    await until(() => hanging.length === 1);
    expect((await call("acme", "POST", `/v1/endpoints/${made.id}/test`)).status).toBe(429);
    hanging[0]!.writeHead(204).end();
    expect((await first).body).toMatchObject({ outcome: "delivered" });
  });
});

describe("deliveries", () => {
  it("are listed newest first, page by page, by status, type and time", async () => {
    const made = await create();
    for (const message of ["m1", "m2", "m3"]) await happen(message);
    await happen("m3", { status: "read" });
    await until(async () => (await list(made, "?status=delivered")).items.length === 4);
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const found: Listed = await list(made, `?limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(...found.items.map(({ id }) => id));
      cursor = found.next_cursor;
    }
    expect(seen).toHaveLength(new Set(seen).size);
    expect(new Set(seen)).toEqual(new Set(posts.map(({ headers }) => headers["webhook-id"])));
    expect((await list(made, "?type=message.read")).items).toHaveLength(1);
    expect((await list(made, "?status=given_up")).items).toHaveLength(0);
    expect((await list(made, `?until=${longAgo}`)).items).toHaveLength(0);
    expect((await list(made, `?since=${longAgo}`)).items).toHaveLength(4);
  });

  it("show each attempt with its answer, and the payload", async () => {
    const made = await create();
    answer = (_post, response) => void response.writeHead(500).end("out of order");
    await happen("m1");
    await until(async () => (await list(made)).items[0]?.attempts_made === 1);
    answer = (_post, response) => void response.writeHead(200).end("fine");
    await withTenants(workers, "all", (tx) => tx`update delivery set next_at = clock_timestamp()`);
    await until(async () => (await list(made)).items[0]?.status === "delivered");
    const { id } = (await list(made)).items[0]!;
    const whole = await call("acme", "GET", `${deliveriesPath(made)}/${id}`);
    expect(whole.body).toMatchObject({
      id,
      event_type: "message.sent",
      message_id: "m1",
      next_at: null,
      attempts: [
        { attempt: 1, http_status: 500, answer: "out of order" },
        { attempt: 2, http_status: 200, answer: "fine" },
      ],
      payload: { type: "message.sent", data: { message_id: "m1", rank: 50 } },
    });
  });

  it("are seen by their tenant only", async () => {
    const made = await create();
    await happen("m1");
    await until(async () => (await list(made)).items[0]?.status === "delivered");
    const { id } = (await list(made)).items[0]!;
    for (const [method, path, body] of [
      ["GET", deliveriesPath(made)],
      ["GET", `${deliveriesPath(made)}/${id}`],
      ["POST", `/v1/endpoints/${made.id}/replay`, { since: longAgo, only: "all" }],
      ["POST", `/v1/endpoints/${made.id}/rotate-secret`, {}],
      ["POST", `/v1/endpoints/${made.id}/test`],
    ] as const)
      expect((await call("globex", method, path, body)).status, `${method} ${path}`).toBe(404);
    // Without the tenant in the statement, row-level security alone still hides them.
    const hidden = await withTenants(requests, ["globex"], (tx) => tx`select from delivery`);
    expect([hidden.length, posts.length]).toEqual([0, 1]);
  });
});

describe("a replay", () => {
  it("delivers again what failed, under the same id, with its schedule begun anew", async () => {
    const made = await create();
    answer = (_post, response) => void response.writeHead(500).end();
    await happen("m1");
    await until(async () => (await list(made)).items[0]?.attempts_made === 1);
    await withTenants(workers, "all", (tx) => tx`update delivery set state = 'given_up', attempt = 10`);
    answer = (_post, response) => void response.writeHead(204).end();
    await happen("m2");
    await until(async () => (await list(made, "?status=delivered")).items.length === 1);

    const replayed = await call("acme", "POST", `/v1/endpoints/${made.id}/replay`, { since: longAgo });
    expect(replayed).toMatchObject({ status: 202, body: { replayed: 1, more: false } });
    await until(async () => (await list(made, "?status=delivered")).items.length === 2);
    const ids = posts.map(({ headers }) => headers["webhook-id"]);
    expect([ids.length, ids[2]]).toEqual([3, ids[0]]);
    expect((await list(made)).items.at(-1)).toMatchObject({ attempts_made: 11, replayed: true });
    expect(new Set(produced.map(({ event_id }) => event_id)).size).toBe(produced.length);
    expect((await audited()).at(-1)).toMatchObject({ action: "endpoint.replayed" });
  });

  it("of everything repeats successes too, keeps their attempts, and is harmless when asked for twice", async () => {
    const made = await create();
    await happen("m1");
    await until(async () => (await list(made, "?status=delivered")).items.length === 1);
    const hanging: ServerResponse[] = [];
    answer = (_post, response) => void hanging.push(response);
    const ask = () =>
      call("acme", "POST", `/v1/endpoints/${made.id}/replay`, { since: longAgo, only: "all" });
    expect((await ask()).body).toMatchObject({ replayed: 1 });
    expect((await ask()).body).toMatchObject({ replayed: 0 });
    await until(() => hanging.length === 1);
    hanging[0]!.writeHead(200).end("again");
    await until(async () => (await list(made, "?status=delivered")).items.length === 1);
    const { id } = (await list(made)).items[0]!;
    expect((await call("acme", "GET", `${deliveriesPath(made)}/${id}`)).body).toMatchObject({
      attempts: [
        { attempt: 1, http_status: 204 },
        { attempt: 2, answer: "again" },
      ],
    });
  });

  it("keeps to its pace, its types and its time, and lets what happens meanwhile pass", async () => {
    const made = await create();
    for (let one = 0; one < 5; one++) await happen(`m${one}`);
    await happen("m9", { status: "read" });
    await until(async () => (await list(made, "?status=delivered")).items.length === 6);
    posts.length = 0;
    const wanted = { since: longAgo, only: "all", types: ["message.sent"], per_s: 1 };
    expect((await call("acme", "POST", `/v1/endpoints/${made.id}/replay`, wanted)).body).toMatchObject({
      replayed: 5,
    });
    await happen("m4", { status: "read" });
    await until(() => posts.some(({ body }) => body.includes("message.read")));
    // One a second: most of the five wait, also the one of the message whose news has passed it.
    expect((await list(made, "?status=waiting")).items.length).toBeGreaterThanOrEqual(3);
    const waits = await withTenants(
      workers,
      "all",
      (tx) => tx<{ s: number }[]>`
      select extract(epoch from max(next_at) - min(next_at))::float8 as s from delivery where replayed_at_attempt > 0
        and state = 'waiting'`,
    );
    expect(waits[0]!.s).toBeGreaterThan(1.5);
    const none = { since: longAgo, until: "2020-01-02T00:00:00Z", only: "all" };
    expect((await call("acme", "POST", `/v1/endpoints/${made.id}/replay`, none)).body).toMatchObject({
      replayed: 0,
    });
  });

  it.each([
    [{}, "since"],
    [{ since: "yesterday" }, "since"],
    [{ since: longAgo, per_s: 0 }, "per_s"],
    [{ since: longAgo, types: ["message.eaten"] }, "types.0"],
  ])("with %j is refused, naming %s", async (body, field) => {
    const made = await create();
    const refused = await call<{ errors: { field: string }[] }>(
      "acme",
      "POST",
      `/v1/endpoints/${made.id}/replay`,
      body,
    );
    expect([refused.status, refused.body.errors[0]?.field]).toEqual([400, field]);
  });
});

describe("an endpoint that is disabled by its answers", () => {
  it("is told to the tenant's others that asked, once, and gets what is due when enabled again", async () => {
    const gone = await create({ url: `${origin}/gone` });
    const other = await create({ url: `${origin}/other`, events: ["endpoint.disabled"] });
    answer = ({ path }, response) => void response.writeHead(path === "/gone" ? 410 : 204).end();
    await happen("m1");
    await until(() => posts.some(({ path }) => path === "/other"));
    const told = posts.filter(({ path }) => path === "/other");
    expect(told.map(({ body }) => JSON.parse(body))).toMatchObject([
      { type: "endpoint.disabled", data: { endpoint_id: gone.id, reason: "the endpoint answered 410 Gone" } },
    ]);
    expect(verifies(other.secret, told[0]!)).toBe(true);

    answer = (_post, response) => void response.writeHead(204).end();
    await call("acme", "PATCH", `/v1/endpoints/${gone.id}`, { status: "active" });
    await until(async () => (await list(gone)).items[0]?.status === "delivered");
    expect(
      new Set(posts.filter(({ path }) => path === "/gone").map((post) => post.headers["webhook-id"])).size,
    ).toBe(1);
    expect(posts.filter(({ path }) => path === "/other")).toHaveLength(1);
  });
});

it("the catalogue of events is an answer, with a schema and an example for each type", async () => {
  const { status, body } = await call<{ items: { type: string; schema: object; example: object }[] }>(
    "acme",
    "GET",
    "/v1/endpoints/events",
  );
  expect(status).toBe(200);
  expect(body.items.map(({ type }) => type)).toContain("message.inbound.reaction");
  for (const { type, schema, example } of body.items) {
    expect(example).toMatchObject({ type });
    expect(schema).toMatchObject({ properties: { type: { const: type }, data: { type: "object" } } });
  }
});
