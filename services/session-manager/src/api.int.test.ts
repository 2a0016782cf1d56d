import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWorld, type World } from "./int-world.ts";

let world: World;
let operator: string;
beforeAll(async () => {
  world = await openWorld();
  operator = world.operatorKey;
});
afterAll(() => world.close());

const cloud = (n: number, more: object = {}) => ({
  name: `number ${n}`,
  provider: "cloud_api",
  cloud_api: { waba_id: `20${n}`, phone_number_id: `30${n}`, access_token: `EAAtoken-${n}` },
  ...more,
});

describe("tenants", () => {
  test("the operator makes, changes and deletes one; its id is never used again", async () => {
    const id = world.name("shop");
    const body = { id, name: "Shop", settings: { doubt_otp: "resend", time_zone: "Europe/Berlin" } };
    const made = await world.call("POST", "/v1/tenants", { key: operator, body });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      id,
      plan: "standard",
      state: "active",
      version: 1,
      settings: { doubt_otp: "resend", doubt_standard: "fail_unknown", time_zone: "Europe/Berlin" },
    });
    const path = `/v1/tenants/${id}`;
    const changed = await world.call("PATCH", path, {
      key: operator,
      body: { settings: { quiet_start: "22:00" } },
    });
    expect(changed.body).toMatchObject({
      version: 2,
      settings: { doubt_otp: "resend", quiet_start: "22:00" },
    });
    expect((await world.call("GET", path, { key: operator })).body).toEqual(changed.body);
    expect((await world.call("POST", "/v1/tenants", { key: operator, body })).body.code).toBe("conflict");
    expect((await world.call("DELETE", path, { key: operator })).status).toBe(204);
    expect((await world.call("GET", path, { key: operator })).status).toBe(404);
    expect((await world.call("POST", "/v1/tenants", { key: operator, body })).body.code).toBe("conflict");
  });

  test("an agency makes children with its own plan, reaches them, and nobody else's", async () => {
    const agency = await world.tenant("agency", { is_agency: true });
    const child = world.name("child");
    const other = await world.tenant("stranger");
    const make = (body: object) => world.call("POST", "/v1/tenants", { key: agency.key, body });
    expect((await make({ id: child, name: "Child" })).body).toMatchObject({
      parent: agency.id,
      plan: "standard",
    });
    expect((await make({ id: world.name("c2"), name: "x", parent: other.id })).body.code).toBe(
      "tenant_forbidden",
    );
    expect((await make({ id: world.name("c2"), name: "x", plan: "standard" })).body.code).toBe(
      "operator_only",
    );
    expect((await make({ id: world.name("c2"), name: "x", is_agency: true })).body.code).toBe(
      "operator_only",
    );

    const listed = await world.call("GET", "/v1/tenants", { key: agency.key });
    expect(listed.body.items.map(({ id }) => id).sort()).toEqual([agency.id, child].sort());
    const asChild = await world.call("GET", "/v1/sessions", { key: agency.key, tenant: child });
    expect(asChild.status).toBe(200);
    const asOther = await world.call("GET", "/v1/sessions", { key: agency.key, tenant: other.id });
    expect(asOther.body.code).toBe("tenant_forbidden");
    expect((await world.call("DELETE", `/v1/tenants/${other.id}`, { key: agency.key })).status).toBe(404);
    expect((await world.call("DELETE", `/v1/tenants/${agency.id}`, { key: operator })).body.code).toBe(
      "conflict",
    );
    expect((await world.call("DELETE", `/v1/tenants/${child}`, { key: agency.key })).status).toBe(204);
    expect((await world.call("DELETE", `/v1/tenants/${agency.id}`, { key: agency.key })).status).toBe(403);
  });

  test("an agency gives itself and its children a brand, takes it away, and gives nobody else one", async () => {
    const agency = await world.tenant("branded", { is_agency: true });
    const other = await world.tenant("plain");
    const child = world.name("branded-child");
    const red = { name: "Red", logo_url: "https://red.example/logo.svg", colour: "#AA0000" };
    const body = { id: child, name: "Child", brand: { colour: "#0000aa" } };
    const made = await world.call("POST", "/v1/tenants", { key: agency.key, body });
    expect(made.body).toMatchObject({ brand: { name: null, logo_url: null, colour: "#0000aa" } });
    const give = (id: string, brand: object | null) =>
      world.call("PATCH", `/v1/tenants/${id}`, { key: agency.key, body: { brand } });
    expect((await give(agency.id, red)).body.brand).toEqual(red);
    expect((await give(child, red)).body.brand).toEqual(red);
    expect((await give(other.id, red)).status).toBe(404);

    const rename = { key: agency.key, body: { name: "Renamed" } };
    expect((await world.call("PATCH", `/v1/tenants/${child}`, rename)).body.brand).toEqual(red);
    expect((await give(child, null)).body.brand).toBeNull();
    const found = await world.call("GET", `/v1/tenants/${child}`, { key: agency.key });
    expect(found.body.brand).toBeNull();

    const refused = await give(child, { logo_url: "http://red.example/logo.svg", colour: "red" });
    expect(refused.status).toBe(400);
    expect(refused.body.errors.map(({ field }) => field).sort()).toEqual(["brand.colour", "brand.logo_url"]);
  });

  test("an agency has as many children as the operator allows, however they come, and none lifts its own limit", async () => {
    const agency = await world.tenant("limited", { is_agency: true, max_children: 2 });
    const make = (word: string) =>
      world.call("POST", "/v1/tenants", { key: agency.key, body: { id: world.name(word), name: word } });
    // At once: they are counted one by one.
    const made = await Promise.all(["k1", "k2", "k3", "k4"].map(make));
    expect(made.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409]);
    const refused = made.find(({ status }) => status === 409)!;
    expect(refused.body).toMatchObject({ code: "quota_reached", errors: [{ field: "parent" }] });
    const path = `/v1/tenants/${agency.id}`;
    const lift = { max_children: null };
    expect((await world.call("PATCH", path, { key: agency.key, body: lift })).body.code).toBe(
      "operator_only",
    );
    const lifted = await world.call("PATCH", path, { key: operator, body: lift });
    expect(lifted.body.max_children).toBeNull();
    expect((await make("k5")).status).toBe(201);
  });

  test("a deleted or suspended tenant's keys open nothing", async () => {
    const { id, key } = await world.tenant("leaving");
    const suspend = { key: operator, body: { state: "suspended" } };
    expect((await world.call("PATCH", `/v1/tenants/${id}`, suspend)).status).toBe(200);
    expect((await world.call("GET", "/v1/keys", { key })).body.code).toBe("tenant_suspended");
    expect((await world.call("DELETE", `/v1/tenants/${id}`, { key: operator })).status).toBe(204);
    expect((await world.call("GET", "/v1/keys", { key })).status).toBe(401);
  });
});

describe("keys", () => {
  test("a key works the moment it is made, is shown once, and ends the moment it is revoked", async () => {
    const { key, id } = await world.tenant("holder");
    const made = await world.call("POST", "/v1/keys", {
      key,
      body: { label: "second", scopes: ["keys:read"] },
    });
    expect(made.status).toBe(201);
    const second = made.body.key;
    const listed = await world.call("GET", "/v1/keys", { key: second });
    expect(listed.status).toBe(200);
    expect(JSON.stringify(listed.body)).not.toContain(second.split("_")[2]);
    const stored = await world.sql.begin(async (tx) => {
      await tx`select set_config('app.tenants', ${id}, true)`;
      return JSON.stringify(await tx`select * from api_key`);
    });
    expect(stored).toContain(made.body.id);
    expect(stored).not.toContain(second.split("_")[2]);

    expect((await world.call("DELETE", `/v1/keys/${made.body.id}`, { key })).status).toBe(204);
    expect((await world.call("GET", "/v1/keys", { key: second })).body.code).toBe("key_revoked");
    expect((await world.call("DELETE", `/v1/keys/${made.body.id}`, { key })).status).toBe(204);
  });

  test("a key grants no more than it has itself", async () => {
    const { key } = await world.tenant("granter");
    const narrow = await world.call("POST", "/v1/keys", {
      key,
      body: { label: "n", scopes: ["keys:*", "rules:read"] },
    });
    const grant = (scopes: string[]) =>
      world.call("POST", "/v1/keys", { key: narrow.body.key, body: { label: "x", scopes } });
    expect((await grant(["keys:read", "rules:read"])).status).toBe(201);
    for (const scopes of [["*"], ["rules:write"], ["rules:*"], ["keys:read", "messages:write"]])
      expect((await grant(scopes)).body.code).toBe("forbidden_scope");
  });

  test("an expired key, and one with the right id and a wrong secret, are refused", async () => {
    const { key } = await world.tenant("late");
    const soon = new Date(Date.now() + 300).toISOString();
    const made = await world.call("POST", "/v1/keys", { key, body: { label: "short", expires_at: soon } });
    await expect
      .poll(async () => (await world.call("GET", "/v1/keys", { key: made.body.key })).body.code)
      .toBe("key_expired");
    const wrong = `${key.slice(0, -1)}${key.endsWith("a") ? "b" : "a"}`;
    expect((await world.call("GET", "/v1/keys", { key: wrong })).body.code).toBe("unauthorized");
  });
});

describe("plans", () => {
  const plan = {
    weight: 3,
    per_minute: 60,
    per_day: null,
    max_queued: 100,
    bulk: false,
    requests_per_s: 7,
  };

  test("they are the operator's to make and everyone's to read", async () => {
    const { key } = await world.tenant("reader");
    const id = world.name("small");
    expect((await world.call("POST", "/v1/plans", { key, body: { id, ...plan } })).body.code).toBe(
      "operator_only",
    );
    expect((await world.call("POST", "/v1/plans", { key: operator, body: { id, ...plan } })).status).toBe(
      201,
    );
    expect((await world.call("POST", "/v1/plans", { key: operator, body: { id, ...plan } })).body.code).toBe(
      "conflict",
    );
    expect((await world.call("GET", `/v1/plans/${id}`, { key })).body).toEqual({
      id,
      ...plan,
      otp_per_recipient: null,
      otp_per_prefix: null,
    });
    expect((await world.call("PUT", `/v1/plans/${id}`, { key, body: plan })).body.code).toBe("operator_only");
  });
});

describe("sessions", () => {
  test("a number and an account have one owner; the refusal doesn't say who", async () => {
    const [a, b] = [await world.tenant("first"), await world.tenant("second")];
    const create = (key: string, body: object) => world.call("POST", "/v1/sessions", { key, body });
    expect((await create(a.key, cloud(11))).status).toBe(201);
    const again = await create(a.key, cloud(11));
    const sameAccount = await create(b.key, {
      ...cloud(12),
      cloud_api: { waba_id: "2011", phone_number_id: "3012", access_token: "EAAtoken-12" },
    });
    const sameNumber = await create(b.key, {
      ...cloud(13),
      cloud_api: { waba_id: "2013", phone_number_id: "3011", access_token: "EAAtoken-13" },
    });
    for (const answer of [again, sameAccount, sameNumber]) {
      expect(answer.status).toBe(409);
      expect(JSON.stringify(answer.body)).not.toContain(a.id);
    }
    expect(sameAccount.body.errors).toMatchObject([{ field: "cloud_api.waba_id" }]);
    expect(sameNumber.body.errors).toMatchObject([{ field: "cloud_api.phone_number_id" }]);
    // The refused claim on account 2013 left nothing behind: the first tenant may have it.
    const other = { waba_id: "2013", phone_number_id: "3014", access_token: "EAAtoken-14" };
    expect((await create(a.key, { ...cloud(14), cloud_api: other })).status).toBe(201);

    const mine = await world.call("GET", "/v1/sessions", { key: a.key });
    const id = mine.body.items.find((s) => s.provider_ref === "3011")!.id;
    expect((await world.call("DELETE", `/v1/sessions/${id}`, { key: a.key })).status).toBe(204);
    expect((await create(b.key, cloud(11))).status).toBe(201);
  });

  test("of two tenants claiming the same number at once, one gets it", async () => {
    const [a, b] = [await world.tenant("left"), await world.tenant("right")];
    for (let n = 900; n < 910; n++) {
      const answers = await Promise.all(
        [a, b].map(({ key }) => world.call("POST", "/v1/sessions", { key, body: cloud(n) })),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    }
  });

  test("callback addresses: one per Meta app; a WasenderApi token is shown once", async () => {
    const { key } = await world.tenant("caller");
    const number = await world.call("POST", "/v1/sessions", { key, body: cloud(21) });
    expect(number.body.callback_url).toBe("https://mesh.example.com/callbacks/cloud-api/4711");
    expect(number.body).toMatchObject({ rate_per_s: 80, pools: ["default"], status: "connecting" });
    const web = await world.call("POST", "/v1/sessions", {
      key,
      body: {
        name: "web",
        provider: "wasender",
        wasender: { session_id: "412", api_key: "wasender-key-412", webhook_secret: "hook-secret-412" },
      },
    });
    expect(web.body.rate_per_s).toBe(0.2);
    expect(web.body.callback_url).toMatch(
      /^https:\/\/mesh\.example\.com\/callbacks\/wasender\/[A-Za-z0-9]{43}$/,
    );
    const later = await world.call("GET", `/v1/sessions/${web.body.id}`, { key });
    expect(later.body.callback_url).toBeNull();
  });

  test.each<[string, object, string, string]>([
    ["an unknown field", { ...cloud(31), colour: "red" }, "unknown_field", "colour"],
    ["a pace of nought", cloud(31, { rate_per_s: 0 }), "invalid_body", "rate_per_s"],
    ["a pace beyond all providers", cloud(31, { rate_per_s: 1_001 }), "invalid_body", "rate_per_s"],
    ["no pool", cloud(31, { pools: [] }), "invalid_body", "pools"],
    ["a number that is none", cloud(31, { phone: "call me" }), "invalid_body", "phone"],
    [
      "a secret with a line break",
      cloud(31, { cloud_api: { waba_id: "1", phone_number_id: "2", access_token: "abc\ndefgh" } }),
      "invalid_body",
      "cloud_api.access_token",
    ],
    ["no provider", { name: "x" }, "invalid_body", "provider"],
    ["the other provider's part", { ...cloud(31), wasender: {} }, "unknown_field", "wasender"],
  ])("%s is a problem that names the field", async (_title, body, code, field) => {
    const answer = await world.call("POST", "/v1/sessions", { key: operator, body });
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.body.code).toBe(code);
    expect(answer.body.errors[0]).toMatchObject({ field });
    expect(answer.body.errors[0]!.remedy).not.toBe("");
  });
});

test("a mesh without a Meta app starts, takes WasenderApi sessions, and names the setting where a Cloud API one is made", async () => {
  const before = await world.call("POST", "/v1/sessions", { key: operator, body: cloud(41) });
  await world.stopService();
  await world.startService({ WAMESH_META_APPS: "" });
  const refused = await world.call("POST", "/v1/sessions", { key: operator, body: cloud(42) });
  expect([refused.status, refused.body.code]).toEqual([422, "not_supported"]);
  expect(refused.body.errors).toMatchObject([{ field: "provider" }]);
  expect(refused.body.errors[0]!.remedy).toContain("WAMESH_META_APPS");

  const wasender = { session_id: "413", api_key: "wasender-key-413", webhook_secret: "hook-secret-413" };
  const body = { name: "web", provider: "wasender", wasender };
  expect((await world.call("POST", "/v1/sessions", { key: operator, body })).status).toBe(201);
  const kept = await world.call("GET", `/v1/sessions/${before.body.id}`, { key: operator });
  expect(kept.body).toMatchObject({ id: before.body.id, callback_url: null });
});
