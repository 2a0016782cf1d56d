import { type Tx, unprotectedTables } from "@wamesh/store";
import { until } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorld, type World } from "./int-world.ts";

let world: World;
let a: { id: string; key: string };
let b: { id: string; key: string };
let sessionOfA: string;
let templateOfA: string;
beforeAll(async () => {
  world = await openWorld();
  a = await world.tenant("alpha");
  b = await world.tenant("beta");
  const made = await world.call("POST", "/v1/sessions", {
    key: a.key,
    body: {
      name: "secret name of alpha",
      provider: "cloud_api",
      cloud_api: { waba_id: "2001", phone_number_id: "3001", access_token: "EAA-secret-token-of-alpha" },
    },
  });
  sessionOfA = made.body.id;
  // Its first probe changes it; from then on nothing should.
  await until(
    async () =>
      (await world.call("GET", `/v1/sessions/${sessionOfA}`, { key: a.key })).body.status === "connected",
  );
  const template = await world.call("POST", "/v1/templates", {
    key: a.key,
    body: {
      session_id: sessionOfA,
      name: "secret_name",
      language: "en",
      category: "utility",
      components: [{ type: "BODY", text: "secret name" }],
    },
  });
  templateOfA = template.body.id;
});
afterAll(() => world.close());

const bodies: Record<string, object> = {
  "PATCH /v1/tenants/{id}": { name: "taken over" },
  "PUT /v1/plans/{id}": { weight: 1, per_minute: null, per_day: null, max_queued: 1, bulk: true },
  "PATCH /v1/sessions/{id}": { name: "taken over" },
  "PATCH /v1/templates/{id}": { category: "marketing" },
  "POST /v1/sessions/{id}/link": {},
  "POST /v1/sessions/{id}/onboarding": {},
  "PUT /v1/sessions/{id}/credentials": { cloud_api: { access_token: "EAA-stolen-token" } },
};

test("every route that names something of another tenant answers as if it were not there", async () => {
  const state = () =>
    world.sql.begin(async (tx) => {
      await tx`select set_config('app.tenants', ${a.id}, true)`;
      return JSON.stringify([
        await tx`select id, version, state from tenant`,
        await tx`select id, version, state from api_key`,
        await tx`select id, version, name from session`,
        await tx`select session, version from credential`,
        await tx`select id, version, state from template`,
      ]);
    });
  const before = await state();
  const keyOfA = a.key.split("_")[1]!;
  const ids: Record<string, string> = {
    tenants: a.id,
    keys: keyOfA,
    sessions: sessionOfA,
    templates: templateOfA,
  };
  const named = (await world.routes()).filter(
    ({ path }) => path.includes("{id}") && !path.startsWith("/v1/plans"),
  );
  expect(named.length).toBeGreaterThanOrEqual(8);
  for (const { method, path } of named) {
    const id = ids[path.split("/")[2]!]!;
    const body = bodies[`${method} ${path}`];
    const own = await world.call(method, path.replace("{id}", id), { key: b.key, ...(body && { body }) });
    expect([method, path, own.status]).toEqual([method, path, 404]);
    // Naming the tenant itself is refused before anything is looked for.
    const inName = { key: b.key, tenant: a.id, ...(body && { body }) };
    const asked = await world.call(method, path.replace("{id}", id), inName);
    expect([method, path, asked.body.code]).toEqual([method, path, "tenant_forbidden"]);
  }
  expect(await state()).toBe(before);
});

test("lists hold the caller's own things only", async () => {
  for (const path of ["/v1/tenants", "/v1/keys", "/v1/sessions", "/v1/templates"]) {
    const answer = await world.call("GET", path, { key: b.key });
    expect(answer.status).toBe(200);
    const text = JSON.stringify(answer.body);
    expect(text).not.toContain(a.id);
    expect(text).not.toContain("secret name");
  }
});

test("a tenant without rights over others neither makes tenants nor plans, nor lifts its own suspension", async () => {
  const make = await world.call("POST", "/v1/tenants", {
    key: b.key,
    body: { id: world.name("mine"), name: "m" },
  });
  expect(make.body.code).toBe("tenant_forbidden");
  const path = `/v1/tenants/${b.id}`;
  const self = await world.call("PATCH", path, { key: b.key, body: { state: "active" } });
  expect(self.body.code).toBe("tenant_forbidden");
  expect((await world.call("PATCH", path, { key: b.key, body: { plan: "standard" } })).body.code).toBe(
    "operator_only",
  );
  expect((await world.call("DELETE", path, { key: b.key })).status).toBe(403);
});

test("without a key, or without the scope, every route is closed", async () => {
  const narrow = await world.call("POST", "/v1/keys", {
    key: b.key,
    body: { label: "n", scopes: ["status:read"] },
  });
  for (const { method, path } of await world.routes()) {
    const target = path.replace("{id}", "anything");
    // A link lets in by its token: an unknown one opens nothing.
    if (path.includes("{token}")) {
      expect((await world.call(method, path.replace("{token}", "x".repeat(43)))).status).toBe(404);
      continue;
    }
    expect((await world.call(method, target)).status).toBe(401);
    expect((await world.call(method, target, { key: narrow.body.key })).body.code).toBe("forbidden_scope");
  }
});

test("every table with a tenant stands under forced row-level security, and shows nothing without a context", async () => {
  expect(await unprotectedTables(world.sql, "control")).toEqual([]);
  for (const table of [
    "tenant",
    "api_key",
    "account",
    "session",
    "credential",
    "errand",
    "session_link",
    "spell",
    "template",
  ])
    expect(await world.sql`select * from ${world.sql(table)}`).toHaveLength(0);
});

test("a tenant's transaction can't write a plan, another's row, or give its row away", async () => {
  const as = (work: (tx: Tx) => Promise<unknown>) =>
    world.sql.begin(async (tx) => {
      await tx`select set_config('app.tenants', ${b.id}, true)`;
      return work(tx);
    });
  expect(await as((tx) => tx`update plan set weight = 9999 returning id`)).toHaveLength(0);
  expect(await as((tx) => tx`update session set name = 'x' returning id`)).toHaveLength(0);
  await expect(as((tx) => tx`update api_key set tenant = ${a.id}`)).rejects.toThrow("row-level security");
});

test("credentials and key secrets stand in no answer, no log line and no column", async () => {
  const answers = JSON.stringify([
    await world.call("GET", "/v1/sessions", { key: a.key }),
    await world.call("GET", `/v1/sessions/${sessionOfA}`, { key: a.key }),
    await world.call("PATCH", `/v1/sessions/${sessionOfA}`, { key: a.key, body: { name: "n2" } }),
  ]);
  const rows = await world.sql.begin(async (tx) => {
    await tx`select set_config('app.tenants', '*', true)`;
    const all = [
      await tx`select * from session`,
      await tx`select * from credential`,
      await tx`select * from api_key`,
    ];
    return all.flat().map((row) =>
      Object.values(row)
        .map((value) =>
          value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : JSON.stringify(value),
        )
        .join(),
    );
  });
  for (const secret of [
    "EAA-secret-token-of-alpha",
    a.key.split("_")[2]!,
    world.operatorKey.split("_")[2]!,
  ]) {
    expect(answers).not.toContain(secret);
    expect(rows.join()).not.toContain(secret);
    expect(world.logged()).not.toContain(secret);
  }
});
