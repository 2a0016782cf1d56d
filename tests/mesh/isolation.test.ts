/** Every route of every service, called by everybody who has no business there: nothing seen, nothing changed. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callOf } from "../openapi/call.ts";
import { ownExample } from "../openapi/example.ts";
import { nameOf, type Operation } from "../openapi/operations.ts";
import { api, http, mesh, newTenant, until } from "./fixture.ts";
import { openRows, type Rows } from "./rows.ts";
import { ask, codeOf, intrude, knock, shapeMistake } from "./sweep.ts";
import { allOperations, family, furnish, type Victim } from "./victim.ts";

let tenants: Awaited<ReturnType<typeof family>>;
let agency: Victim;
let child: Victim;
let rows: Rows;
/** Those that want a key, and those that anyone may call. */
let guarded: Operation[];
let open: Operation[];

beforeAll(async () => {
  const operations = await allOperations();
  guarded = operations.filter(({ scope }) => scope !== null);
  open = operations.filter(({ scope }) => scope === null);
  tenants = await family();
  [agency, child] = await Promise.all([
    furnish(tenants.agency, operations),
    furnish(tenants.child, operations),
  ]);
  rows = await openRows();
}, 120_000);
afterAll(() => rows?.close());

/** Examples that are right in themselves, and not for this caller or here. */
const refusedExamples: Readonly<Record<string, string>> = {
  "POST /v1/tenants": "tenant_forbidden",
  "POST /v1/plans": "operator_only",
  "PUT /v1/plans/{id}": "operator_only",
  // The number that is the caller's own has its session.
  "POST /v1/sessions": "conflict",
  "POST /v1/sessions/{id}/link": "not_supported",
  "POST /v1/sessions/onboarding": "not_supported",
  "POST /v1/sessions/{id}/onboarding": "conflict",
};

/** Waits until every service answers the key in this way, each to one of its routes. */
async function everywhere(key: string, answered: (status: number, code: string | undefined) => boolean) {
  for (const service of new Set(guarded.map((one) => one.service))) {
    const operation = guarded.find((one) => one.service === service)!;
    await until(`${service} to know of the key`, async () => {
      const { answer } = await ask(mesh().origin, operation, child, { key });
      return answered(answer.status, codeOf(answer)) ? true : undefined;
    });
  }
}

const newKey = (tenant: string, more: object = {}) =>
  api<{ id: string; key: string }>("POST", "/v1/keys", { tenant, body: { label: "test", ...more } });

describe("the routes", () => {
  it("are those of all four services, and the things they name are real", () => {
    expect(guarded.length).toBeGreaterThanOrEqual(30);
    expect(new Set(guarded.map(({ service }) => service)).size).toBe(4);
    for (const collection of [
      "tenants",
      "keys",
      "sessions",
      "rules",
      "endpoints",
      "messages",
      "events",
      "audiences",
      "campaigns",
    ])
      expect(child.idAt(`/v1/${collection}`), collection).toMatch(/\w/);
  });

  it("can each be called with a request that their owner's shape check takes", async () => {
    // With a key that may do everything, in a tenant of its own, where nothing is lost.
    const { key, id } = await newTenant("iso-scratch");
    await everywhere(key, (status) => status !== 401);
    // What the address guard lets through here.
    const reachable = { url: "http://127.0.0.1:9/x" };
    const mistakes: string[] = [];
    for (const operation of guarded) {
      // What would end the tenant itself is left to the others.
      if (operation.path.startsWith("/v1/tenants/{")) continue;
      const asked = await ask(mesh().origin, operation, { hints: reachable, idAt: () => undefined }, { key });
      const mistake = shapeMistake(operation, asked);
      if (mistake !== null) mistakes.push(mistake);
      expect(asked.answer.status, `${nameOf(operation)} as ${id}`).toBeLessThan(500);
    }
    expect(mistakes).toEqual([]);
  });

  it("with a body carry an example of it, which the mesh takes once it names the caller's own things", async () => {
    const owner = await furnish(await newTenant("iso-examples"), guarded);
    // Examples name an account by a session of it, and bring their own recipients.
    const { account: _, audience_id: __, ...hints } = owner.hints;
    const mistakes: string[] = [];
    let taken = 0;
    for (const operation of guarded) {
      const { body, schemas } = operation;
      if (body === null) continue;
      const name = nameOf(operation);
      if (ownExample(body.schema, schemas) === undefined) {
        mistakes.push(`${name}: no example. Add \`.openapi({ example: … })\` to the schema of its body.`);
        continue;
      }
      const idAt = (before: string) => (before === "/v1/contacts" ? hints.to : owner.idAt(before));
      const call = callOf(operation, { hints, idAt });
      const { key } = owner;
      const answer = await http(call.method, mesh().origin + call.path, { key, ...call });
      if (answer.status < 300) taken++;
      else if (codeOf(answer) !== refusedExamples[name])
        mistakes.push(`${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    expect(mistakes).toEqual([]);
    expect(taken).toBeGreaterThanOrEqual(12);
  });

  it("that want no key in a header have their own secret, and say nothing without it", async () => {
    for (const operation of open) {
      // In the path; of the stream, its token; of the console's, the key in the body or the cookie.
      expect(operation.path, nameOf(operation)).toMatch(
        /^\/callbacks\/|\{token\}|^\/v1\/status\/stream$|^\/console\/api\//,
      );
      const { answer } = await ask(mesh().origin, operation, child, {});
      expect(answer.status, nameOf(operation)).toBeGreaterThanOrEqual(400);
      expect(answer.status, nameOf(operation)).toBeLessThan(500);
      for (const mark of child.marks) expect(JSON.stringify(answer.body) ?? "").not.toContain(mark);
    }
  });
});

describe("another tenant's key", () => {
  it.each([
    ["a stranger's", "child", "stranger"],
    ["a sibling's, of the same agency", "child", "sibling"],
    ["another agency's", "child", "otherAgency"],
    ["a child's, on its own agency", "agency", "child"],
  ] as const)("%s sees and changes nothing on any route", async (_who, whose, who) => {
    // A child knows its agency's name: it stands in its own record.
    const named = { ...agency, marks: agency.marks.filter((mark) => mark !== agency.id) };
    const victim = whose === "child" ? child : named;
    const before = await rows.standing(victim.id);
    expect(before.length).toBeGreaterThanOrEqual(6);
    expect(await intrude(mesh().origin, guarded, victim, tenants[who])).toEqual([]);
    expect(await rows.standing(victim.id)).toEqual(before);
  });

  it("reaches no row in any table of an API, whatever a query forgets", async () => {
    expect(await rows.shownTo(tenants.stranger.id, child.id)).toEqual([]);
    expect(await rows.shownTo(tenants.sibling.id, child.id)).toEqual([]);
    expect(await rows.shownTo(child.id, agency.id)).toEqual([]);
  });
});

describe("a key that is refused at the door opens no route", () => {
  const unauthorized = { status: 401, code: "unauthorized" };
  const shut = async (key: string | undefined, refusal: { status: number; code: string }) => {
    if (key !== undefined)
      await everywhere(key, (status, code) => status === refusal.status && code === refusal.code);
    expect(await knock(mesh().origin, guarded, child, key, refusal)).toEqual([]);
  };

  it("no key", () => shut(undefined, unauthorized));
  it("a key that never was", () => shut(`wam_000000000000_${"a".repeat(43)}`, unauthorized));
  it("no key at all but a word", () => shut("wam_nonsense", unauthorized));
  it("the right id with a wrong secret", () =>
    shut(
      child.key.replace(/.$/, (last) => (last === "a" ? "b" : "a")),
      unauthorized,
    ));

  it("a revoked key", async () => {
    const { id, key } = await newKey(child.id);
    await everywhere(key, (status) => status !== 401);
    await api("DELETE", `/v1/keys/${id}`, { tenant: child.id });
    await shut(key, { status: 401, code: "key_revoked" });
  });

  it("an expired key", async () => {
    const { key } = await newKey(child.id, { expires_at: new Date(Date.now() + 1_500).toISOString() });
    await shut(key, { status: 401, code: "key_expired" });
  });

  it("a key of a suspended tenant, and of a deleted one", async () => {
    const gone = await newTenant("iso-gone");
    await api("PATCH", `/v1/tenants/${gone.id}`, { body: { state: "suspended" } });
    await shut(gone.key, { status: 403, code: "tenant_suspended" });
    await api("DELETE", `/v1/tenants/${gone.id}`);
    await shut(gone.key, { status: 401, code: "key_revoked" });
  });

  it("a key whose scopes are about something else, or for reading only", async () => {
    const scopes = [...new Set(guarded.map(({ scope }) => scope!))];
    const reading = scopes.filter((scope) => scope.endsWith(":read"));
    for (const granted of [["status:read"], ["plans:read"], reading]) {
      const { key } = await newKey(child.id, { scopes: granted });
      await everywhere(key, (status) => status !== 401);
      const beyond = guarded.filter(({ scope }) => !granted.includes(scope!));
      expect(beyond.length).toBeGreaterThan(5);
      expect(
        await knock(mesh().origin, beyond, child, key, { status: 403, code: "forbidden_scope" }),
      ).toEqual([]);
    }
  });
});

describe("these tests would notice", () => {
  it("a router that answers strangers with the owner's things", async () => {
    const reads = guarded.filter(({ method }) => method === "GET");
    const misrouter = await startMisrouter(tenants.stranger.key, child.key);
    try {
      const wrong = await intrude(misrouter.origin, reads, child, tenants.stranger);
      // Each route that names something of the owner's, and each list that holds something.
      const naming = reads.filter(({ path }) =>
        /\/(sessions|rules|endpoints|messages|events|tenants|audiences|campaigns)\/\{/.test(path),
      );
      const lists = reads.filter(({ path }) =>
        /^\/v1\/(sessions|keys|rules|endpoints|status\/messages)$/.test(path),
      );
      expect(naming.length).toBeGreaterThanOrEqual(6);
      expect(lists.length).toBe(5);
      for (const operation of [...naming, ...lists])
        expect(
          wrong.filter((one) => one.startsWith(nameOf(operation))),
          nameOf(operation),
        ).not.toEqual([]);
    } finally {
      await misrouter.close();
    }
  });

  it("tables whose protection was taken away", async () => {
    const shown = await rows.shownTo(tenants.stranger.id, child.id, { withoutProtection: true });
    for (const table of ["control.session", "control.credential", "ingest.rule", "webhooks.endpoint"])
      expect(shown).toContain(table);
    expect(shown.some((table) => table.startsWith("projection."))).toBe(true);
  });

  it("a change of a version", async () => {
    const before = await rows.standing(agency.id);
    await api("PATCH", `/v1/tenants/${agency.id}`, { body: { name: "changed" } });
    expect(await rows.standing(agency.id)).not.toEqual(before);
  });
});

/** In front of the gateway, with a bug: what comes with one key is asked for with another's, in nobody else's name. */
async function startMisrouter(from: string, to: string): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer((incoming: IncomingMessage, outgoing) => {
    const key = incoming.headers.authorization === `Bearer ${from}` ? to : "";
    http(incoming.method ?? "GET", mesh().origin + incoming.url, { key }).then(
      ({ status, body }) => outgoing.writeHead(status).end(JSON.stringify(body)),
      (error: unknown) => outgoing.writeHead(599).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
