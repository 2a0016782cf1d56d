import { randomBytes } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { parseAllowList } from "@wamesh/egress";
import type { WebhookDelivery } from "@wamesh/events";
import type { OutgoingRecord } from "@wamesh/kafka";
import { connect, type Sql, withTenants } from "@wamesh/store";
import { type FreshDatabase, freshDatabase, until } from "@wamesh/testing";
import { createVault } from "@wamesh/vault";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { insertEndpoint } from "../endpoints/store.ts";
import { sealText } from "../sealed-text.ts";
import { createCaller } from "./call.ts";
import { type DeliverDeps, type Delivering, startDelivering } from "./deliver.ts";
import { announceDue, listenForSignals } from "./signal.ts";
import { addDeliveries, createDeliveryStore } from "./store.ts";
import type { NewDelivery } from "./subscription.ts";
import { webhookId } from "./webhook-event.ts";

// The loop on a real database, against a real HTTP server.

type Post = { path: string; headers: IncomingHttpHeaders; body: string };

let database: FreshDatabase;
let sql: Sql;
let posts: Post[];
let produced: WebhookDelivery[];
let answer: (post: Post, response: ServerResponse) => void;
let origin: string;
let closers: (() => Promise<unknown> | unknown)[];
const vault = createVault({ ring: [{ id: "test", key: randomBytes(32) }] });

beforeEach(async () => {
  const dirs = [join(import.meta.dirname, "../../../migrations")];
  database = await freshDatabase({ migrations: [{ schema: "webhooks", dirs }] });
  sql = connect({
    url: database.appUrl("webhooks"),
    schema: "webhooks",
    max: 6,
    applicationName: "test",
    tenants: "all",
  });
  posts = [];
  produced = [];
  answer = (_post, response) => void response.writeHead(204).end();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const post = {
        path: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(parts).toString(),
      };
      posts.push(post);
      answer(post, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  closers = [
    () => database.drop(),
    () => sql.end(),
    () => {
      server.closeAllConnections();
      server.close();
    },
  ];
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
});

async function start(
  over: Partial<DeliverDeps> = {},
  { allow = "127.0.0.1/32:*", deadlineMs = 1000 } = {},
): Promise<Delivering> {
  const caller = createCaller({ allow: parseAllowList(allow), now: Date.now, deadlineMs });
  const delivering = startDelivering({
    store: createDeliveryStore(sql),
    call: caller.call,
    produce: async (records) => {
      for (const { value } of records) produced.push(JSON.parse(String(value)) as WebhookDelivery);
    },
    records: {
      delivery: (one) => ({ value: Buffer.from(JSON.stringify(one)) }) as OutgoingRecord & { key: string },
    },
    vault,
    leads: () => true,
    slots: 256,
    weightOf: () => 1,
    now: Date.now,
    monotonicMs: () => performance.now(),
    random: () => 0.5,
    count: () => {},
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: console.error },
    ...over,
  });
  const unlisten = await listenForSignals(sql, delivering.signal);
  closers.push(
    () => caller.close(),
    unlisten,
    () => delivering.stop(),
  );
  return delivering;
}

const secretOf = (id: string) =>
  `whsec_${Buffer.from(`secret of ${id}, 24 bytes or more`).toString("base64")}`;

async function endpoint(id: string, over: { tenant?: string; url?: string } = {}): Promise<void> {
  const tenant = over.tenant ?? "acme";
  await withTenants(sql, [tenant], (tx) =>
    insertEndpoint(tx, {
      id,
      tenant,
      url: over.url ?? `${origin}/${id}`,
      events: ["message.sent"],
      sessions: null,
      description: "",
      secret: sealText(vault, { tenant, id }, secretOf(id)),
    }),
  );
}

function event(id: string, subject: string, over: Partial<NewDelivery> = {}): NewDelivery {
  return {
    webhook_id: webhookId(id, subject),
    tenant: "acme",
    endpoint: id,
    event_type: "message.sent",
    subject,
    message_id: null,
    trace: null,
    body: JSON.stringify({ type: "message.sent", subject }),
    ...over,
  };
}

async function add(...rows: NewDelivery[]): Promise<void> {
  await sql.begin(async (tx) => {
    await addDeliveries(tx, rows);
    await announceDue(tx, [...new Set(rows.map(({ endpoint }) => endpoint))]);
  });
}

/** As if that time had passed. */
async function passTime(what: string): Promise<void> {
  await withTenants(
    sql,
    "all",
    (tx) => tx`update delivery set next_at = next_at - ${what}::interval where state = 'waiting'`,
  );
}

const states = () =>
  withTenants(
    sql,
    "all",
    (tx) => tx<{ subject: string; state: string; attempt: number }[]>`
      select subject, state, attempt from delivery order by seq`,
  );
const subjects = () => posts.map((post) => (JSON.parse(post.body) as { subject: string }).subject);

describe("a delivery", () => {
  it("is signed so that the public library verifies it, and recorded", async () => {
    await endpoint("end_1");
    await start();
    await add(event("end_1", "a"));
    await until(() => produced.length === 1);
    const [post] = posts;
    expect(
      new Webhook(secretOf("end_1")).verify(post!.body, post!.headers as Record<string, string>),
    ).toEqual({
      type: "message.sent",
      subject: "a",
    });
    expect(produced[0]).toMatchObject({
      outcome: "delivered",
      attempt: 1,
      http_status: 204,
      endpoint: "end_1",
    });
    await until(async () => (await states())[0]?.state === "delivered");
  });

  it("that is asked for again is not made again", async () => {
    await endpoint("end_1");
    await start();
    await add(event("end_1", "a"));
    await until(() => produced.length === 1);
    await add(event("end_1", "a"), event("end_1", "b"));
    await until(() => produced.length === 2);
    expect(subjects()).toEqual(["a", "b"]);
  });

  it("that fails is repeated on the schedule under the same id, then given up", async () => {
    answer = (_post, response) => void response.writeHead(500).end("no");
    await endpoint("end_1");
    let clock = 0;
    const delivering = await start({ monotonicMs: () => performance.now() + clock });
    await add(event("end_1", "a"));
    for (let attempt = 1; attempt <= 10; attempt++) {
      await until(() => produced.length === attempt, { what: `attempt ${attempt}` });
      clock += 3600_000;
      await until(async () => (await states())[0]?.attempt === attempt);
      await passTime("25 hours");
      delivering.signal({ kind: "due", endpoints: null });
    }
    await until(async () => (await states())[0]?.state === "given_up");
    expect(new Set(posts.map((post) => post.headers["webhook-id"])).size).toBe(1);
    expect(produced.map((one) => one.outcome)).toEqual([...Array(9).fill("retry"), "given_up"]);
    expect(new Set(produced.map((one) => one.event_id)).size).toBe(10);
  });

  it.each([
    ["answers too late", () => {}, "timeout"],
    ["ends the connection", (response: ServerResponse) => void response.destroy(), "UND_ERR_SOCKET"],
    [
      "sends elsewhere",
      (response: ServerResponse) => void response.writeHead(302, { location: `${origin}/else` }).end(),
      null,
    ],
  ])("to an endpoint that %s waits for its next attempt", async (_what, how, why) => {
    answer = (_post, response) => how(response);
    await endpoint("end_1");
    await start();
    await add(event("end_1", "a"));
    await until(() => produced.length === 1);
    expect(produced[0]).toMatchObject({ outcome: "retry", error: why });
    expect(posts.map((post) => post.path)).toEqual(["/end_1"]);
  });

  it("takes a success for what it is, however much the endpoint has to say", async () => {
    answer = (_post, response) => {
      response.writeHead(200);
      const more = () => {
        while (response.write("x".repeat(16_384))) {}
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    };
    await endpoint("end_1");
    await start();
    await add(event("end_1", "a"));
    await until(() => produced.length === 1);
    expect(produced[0]).toMatchObject({ outcome: "delivered" });
    expect(produced[0]!.duration_ms).toBeLessThan(900);
  });

  it("never reaches an inner address, whatever the row says", async () => {
    await endpoint("end_1");
    await endpoint("end_2", { url: origin.replace("127.0.0.1", "localhost") });
    await start({}, { allow: "" });
    await add(event("end_1", "a"), event("end_2", "b"));
    await until(() => produced.length === 2);
    expect(posts).toEqual([]);
    for (const one of produced) expect(one.error).toMatch(/^address_refused: .* not public$/);
  });

  it("is made again by the next owner, and what the former one still hears changes nothing", async () => {
    const hanging: ServerResponse[] = [];
    answer = (_post, response) => void hanging.push(response);
    await endpoint("end_1");
    let leads = true;
    await start({ leads: () => leads });
    await add(event("end_1", "a"));
    await until(() => hanging.length === 1);
    leads = false;
    answer = (_post, response) => void response.writeHead(204).end();
    await start();
    await until(async () => (await states())[0]?.state === "delivered");
    hanging[0]!.writeHead(500).end();
    await until(() => produced.length === 2);
    expect(new Set(posts.map((post) => post.headers["webhook-id"])).size).toBe(1);
    expect(await states()).toMatchObject([{ state: "delivered", attempt: 1 }]);
  });

  it("that is cut off by a stop leaves no trace, and is made again", async () => {
    answer = () => {};
    await endpoint("end_1");
    const first = await start({}, { deadlineMs: 60_000 });
    await add(event("end_1", "a"));
    await until(() => posts.length === 1);
    await first.stop();
    expect(await states()).toMatchObject([{ state: "waiting", attempt: 0 }]);
    answer = (_post, response) => void response.writeHead(204).end();
    await start();
    await until(() => produced.some((one) => one.outcome === "delivered"));
    expect(new Set(posts.map((post) => post.headers["webhook-id"])).size).toBe(1);
  });

  it("whose outcome Kafka does not take at once is settled once it does", async () => {
    let away = true;
    await endpoint("end_1");
    await start({
      produce: async (records) => {
        if (away) throw new Error("broker away");
        for (const { value } of records) produced.push(JSON.parse(String(value)) as WebhookDelivery);
      },
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    });
    await add(event("end_1", "a"));
    await until(() => posts.length === 1);
    expect(await states()).toMatchObject([{ state: "waiting" }]);
    away = false;
    await until(async () => (await states())[0]?.state === "delivered");
    expect(posts.length).toBe(1);
  });
});

describe("an endpoint", () => {
  it("that answers 410 is disabled, and what is due waits until it is enabled", async () => {
    answer = (_post, response) => void response.writeHead(410).end();
    await endpoint("end_1");
    const delivering = await start();
    await add(event("end_1", "a"));
    await until(() => produced.length === 1);
    expect(produced[0]).toMatchObject({ outcome: "disabled", http_status: 410 });
    const [row] = await withTenants(sql, "all", (tx) => tx`select status, disabled_reason from endpoint`);
    expect(row).toEqual({ status: "disabled", disabled_reason: "the endpoint answered 410 Gone" });
    await add(event("end_1", "b"));
    answer = (_post, response) => void response.writeHead(204).end();
    await withTenants(sql, "all", (tx) => tx`update endpoint set status = 'active', version = version + 1`);
    delivering.signal({ kind: "changed", endpoint: "end_1" });
    await until(() => produced.filter((one) => one.outcome === "delivered").length === 2);
    expect(subjects()).toEqual(["a", "a", "b"]);
  });

  it("that has failed for five days is disabled", async () => {
    answer = (_post, response) => void response.writeHead(500).end();
    await endpoint("end_1");
    await withTenants(
      sql,
      "all",
      (tx) => tx`update endpoint set failing_since = clock_timestamp() - interval '5 days 1 minute'`,
    );
    await start();
    await add(event("end_1", "a"));
    await until(() => produced.length === 1);
    expect(produced[0]).toMatchObject({ outcome: "disabled" });
  });

  it("that works again has its failures forgotten", async () => {
    await endpoint("end_1");
    await withTenants(sql, "all", (tx) => tx`update endpoint set failing_since = clock_timestamp()`);
    await start();
    await add(event("end_1", "a"));
    await until(
      async () =>
        (await withTenants(sql, "all", (tx) => tx`select from endpoint where failing_since is null`)).length,
    );
  });

  it("gets the events of one message in their order, and those of others meanwhile", async () => {
    const waiting: ServerResponse[] = [];
    answer = (post, response) => {
      if (post.body.includes("m1 sent")) waiting.push(response);
      else response.writeHead(204).end();
    };
    await endpoint("end_1");
    await start();
    await add(
      event("end_1", "m1 sent", { message_id: "m1" }),
      event("end_1", "m1 read", { message_id: "m1" }),
      event("end_1", "m2 sent", { message_id: "m2" }),
    );
    await until(() => produced.length === 1);
    expect(new Set(subjects())).toEqual(new Set(["m1 sent", "m2 sent"]));
    waiting[0]!.writeHead(204).end();
    await until(() => produced.length === 3);
    expect(subjects().at(-1)).toBe("m1 read");
  });

  it("that hangs does not delay another tenant's", async () => {
    answer = (post, response) => {
      if (post.path === "/end_1") return;
      response.writeHead(204).end();
    };
    await endpoint("end_1");
    await endpoint("end_2", { tenant: "globex" });
    await start({ slots: 8 });
    await add(...Array.from({ length: 200 }, (_, one) => event("end_1", `slow ${one}`)));
    await until(() => posts.length >= 4);
    await add(...Array.from({ length: 50 }, (_, one) => event("end_2", `fast ${one}`, { tenant: "globex" })));
    await until(() => produced.filter((one) => one.endpoint === "end_2").length === 50, { withinMs: 5000 });
  });
});

it("a thousand events a second reach one endpoint, none twice", async () => {
  await endpoint("end_1");
  const count = 3000;
  const rows = Array.from({ length: count }, (_, one) => event("end_1", `${one}`, { message_id: `m${one}` }));
  await start();
  const startedMs = performance.now();
  for (let from = 0; from < count; from += 500) await add(...rows.slice(from, from + 500));
  await until(() => produced.length === count, { withinMs: 30_000 });
  const perS = count / ((performance.now() - startedMs) / 1000);
  console.log(`${Math.round(perS)} deliveries/s, receiver in the same process`);
  expect(new Set(posts.map((post) => post.headers["webhook-id"])).size).toBe(posts.length);
  // The machine may be shared: a third of the target is still a mistake in the loop.
  expect(perS).toBeGreaterThan(300);
}, 60_000);
