import { z } from "@hono/zod-openapi";
import { describe, expect, test } from "vitest";
import { type Caller, createApi, problem, publicRoute, route } from "./index.ts";

const secret = "s".repeat(40);
const key = (
  id: string,
  options: { tenant?: string; state?: string; scopes?: string[]; expiresAt?: number } = {},
) => ({
  id,
  tenant: "acme",
  state: "active",
  scopes: ["*"],
  expiresAt: null,
  secretHashes: ["hash"],
  ...options,
});
const keys = [
  key("acme00000000"),
  key("operator0000", { tenant: "operator" }),
  key("agency000000", { tenant: "agency" }),
  key("orphan000000", { tenant: "nobody" }),
  key("asleep000000", { tenant: "asleep" }),
  key("gone00000000", { tenant: "gone" }),
  key("revoked00000", { state: "revoked" }),
  key("expired00000", { expiresAt: 1_000 }),
  key("reader000000", { scopes: ["rules:read"] }),
];
const tenants: Record<string, { state: string; isOperator: boolean }> = {
  acme: { state: "active", isOperator: false },
  agency: { state: "active", isOperator: false },
  child: { state: "active", isOperator: false },
  "sleeping-child": { state: "suspended", isOperator: false },
  operator: { state: "active", isOperator: true },
  asleep: { state: "suspended", isOperator: false },
  gone: { state: "deleted", isOperator: false },
};

const echo = z
  .strictObject({
    name: z.string().min(2).max(5),
    count: z.int().optional(),
    lane: z.enum(["otp", "bulk"]).optional(),
    to: z.union([z.string(), z.strictObject({ kind: z.literal("phone"), value: z.string() })]).optional(),
    items: z.array(z.strictObject({ n: z.number() })).optional(),
  })
  .openapi("Echo");

class BrokerAway extends Error {}

function setUp(options: { freshMs?: number } = {}) {
  const lines: Record<string, unknown>[] = [];
  const seen: { caller: Caller | null; body: unknown; query: unknown }[] = [];
  const api = createApi({
    service: "test",
    version: "1",
    now: () => 1_000,
    maxBodyBytes: 200,
    log: {
      info: (facts) => void lines.push({ level: "info", ...facts }),
      error: (facts) => void lines.push({ level: "error", ...facts }),
    },
    auth: {
      directory: {
        key: (id) => keys.find((one) => one.id === id),
        tenant: (id) => tenants[id],
        mayActFor: (actor, tenant) =>
          actor === tenant || actor === "operator" || (actor === "agency" && tenant.endsWith("child")),
        freshMs: () => options.freshMs ?? 0,
      },
      verifySecret: (given, hashes) => given === secret && hashes.includes("hash"),
      openSession: (sealed) => ({ key: `wam_${sealed}_${secret}`, expiresAt: 2_000 }),
    },
    problemOf: (error) =>
      error instanceof BrokerAway
        ? problem("broker_unavailable", { retryAfterS: 1.2 }, { cause: error })
        : null,
  });
  api.add(
    route({
      method: "post",
      path: "/v1/rules",
      scope: "rules:write",
      summary: "Echoes",
      body: echo,
      mediaTypes: ["application/cloudevents+json"],
      success: { status: 201, description: "Echoed", body: echo },
      handle: async ({ caller, body, query, note }) => {
        seen.push({ caller, body, query });
        note({ count: body.count ?? 0 });
        return { body, headers: { location: "/v1/rules/1" } };
      },
    }),
    route({
      method: "get",
      path: "/v1/rules/{id}",
      scope: "rules:read",
      summary: "Fails as asked",
      params: z.object({ id: z.string().regex(/^[a-z]+$/) }),
      query: z.strictObject({ wait: z.string().optional() }),
      headers: z.object({ "x-must": z.string().max(3).optional() }),
      success: { status: 200, description: "Never" },
      handle: async ({ params }) => {
        if (params.id === "broker") throw new BrokerAway("away");
        if (params.id === "missing") throw problem("not_found", { detail: "No such rule." });
        throw new Error("secret of the house");
      },
    }),
    route({
      method: "delete",
      path: "/v1/rules/{id}",
      scope: "rules:write",
      summary: "Deletes",
      success: { status: 204, description: "Gone" },
      handle: async () => ({}),
    }),
    publicRoute({
      method: "post",
      path: "/callbacks/{app}",
      summary: "Takes bytes",
      maxBodyBytes: 10,
      success: { status: 200, description: "Length", body: z.object({ bytes: z.number() }) },
      handle: async ({ readBody }) => ({ body: { bytes: (await readBody()).byteLength } }),
    }),
  );
  const call = async (path: string, init: RequestInit & { key?: string | null; tenant?: string } = {}) => {
    const { key: id = "acme00000000", tenant, ...rest } = init;
    const headers = new Headers(rest.headers);
    if (id !== null) headers.set("authorization", `Bearer wam_${id}_${secret}`);
    if (tenant !== undefined) headers.set("wamesh-tenant", tenant);
    const response = await api.app.request(path, { ...rest, headers });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      json: text === "" ? null : JSON.parse(text),
    };
  };
  const post = (body: unknown, init: Parameters<typeof call>[1] = {}) =>
    call("/v1/rules", {
      method: "POST",
      body: typeof body === "string" || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
      ...init,
      headers: { "content-type": "application/json", ...init.headers },
    });
  return { api, call, post, lines, seen };
}

describe("a request in order", () => {
  test("reaches its handler, is answered and leaves one line in the log", async () => {
    const { post, lines, seen } = setUp();
    const answer = await post({ name: "abc" }, { headers: { "x-request-id": "trace-me-1" } });
    expect(answer).toMatchObject({ status: 201, json: { name: "abc" } });
    expect(answer.headers.get("location")).toBe("/v1/rules/1");
    expect(answer.headers.get("x-request-id")).toBe("trace-me-1");
    expect(seen[0]?.caller).toEqual({
      keyId: "acme00000000",
      tenant: "acme",
      actorTenant: "acme",
      scopes: ["*"],
      isOperator: false,
    });
    expect(lines).toEqual([
      {
        level: "info",
        request_id: "trace-me-1",
        method: "POST",
        route: "/v1/rules",
        status: 201,
        duration_ms: expect.any(Number),
        tenant: "acme",
        key_id: "acme00000000",
        count: 0,
      },
    ]);
  });

  test("without a body is answered with none", async () => {
    expect(await setUp().call("/v1/rules/a", { method: "DELETE" })).toMatchObject({
      status: 204,
      json: null,
    });
  });

  test("to a public route needs no key and brings its bytes as they are", async () => {
    const answer = await setUp().call("/callbacks/1", { method: "POST", body: "12345", key: null });
    expect(answer).toMatchObject({ status: 200, json: { bytes: 5 } });
  });
});

describe("the console's cookie", () => {
  const signedIn = (id: string, headers: Record<string, string> = { "wamesh-console": "1" }) =>
    setUp().post({ name: "abc" }, { key: null, headers: { cookie: `wamesh_session=${id}`, ...headers } });

  test("is its key, with all that the key may do and not do", async () => {
    expect(await signedIn("acme00000000")).toMatchObject({ status: 201 });
    expect(await signedIn("reader000000")).toMatchObject({ status: 403, json: { code: "forbidden_scope" } });
  });

  test("ends with its key's revocation", async () => {
    expect(await signedIn("revoked00000")).toMatchObject({ status: 401, json: { code: "key_revoked" } });
  });

  test("names the tenant acted for as a key does", async () => {
    const acting = { "wamesh-console": "1", "wamesh-tenant": "agency" };
    expect(await signedIn("operator0000", acting)).toMatchObject({ status: 201 });
    expect(await signedIn("acme00000000", acting)).toMatchObject({ status: 403 });
  });

  test("is nothing on a page that is not the console's", async () => {
    expect(await signedIn("acme00000000", {})).toMatchObject({ status: 401, json: { code: "unauthorized" } });
  });
});

describe("who is calling", () => {
  test.each<[string, string | null, string | undefined, number, string]>([
    ["no key", null, undefined, 401, "unauthorized"],
    ["an unknown key", "unknown00000", undefined, 401, "unauthorized"],
    ["a misshapen key", "x", undefined, 401, "unauthorized"],
    ["a revoked key", "revoked00000", undefined, 401, "key_revoked"],
    ["an expired key", "expired00000", undefined, 401, "key_expired"],
    ["a key without the scope", "reader000000", undefined, 403, "forbidden_scope"],
    ["a suspended tenant's key", "asleep000000", undefined, 403, "tenant_suspended"],
    ["a deleted tenant's key", "gone00000000", undefined, 401, "key_revoked"],
    ["a key that came before its tenant", "orphan000000", undefined, 503, "not_ready"],
    ["a key for another tenant", "acme00000000", "agency", 403, "tenant_forbidden"],
    ["a key for a tenant that does not exist", "acme00000000", "nowhere", 403, "tenant_forbidden"],
    ["an agency for no child", "agency000000", "acme", 403, "tenant_forbidden"],
    ["an agency for a suspended child", "agency000000", "sleeping-child", 403, "tenant_suspended"],
    ["the operator for nobody", "operator0000", "nowhere", 403, "tenant_forbidden"],
  ])("%s is refused, and the handler not reached", async (_what, id, tenant, status, code) => {
    const { post, seen } = setUp();
    const answer = await post({ name: "abc" }, { key: id, ...(tenant !== undefined && { tenant }) });
    expect(answer).toMatchObject({ status, json: { status, code, title: expect.any(String) } });
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    if (status === 401) expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    expect(seen).toEqual([]);
  });

  test.each([
    ["operator0000", "acme", true],
    ["operator0000", "gone", true],
    ["agency000000", "child", false],
  ])("the key %s acts for %s", async (id, tenant, isOperator) => {
    const { post, seen } = setUp();
    expect((await post({ name: "abc" }, { key: id, tenant })).status).toBe(201);
    expect(seen[0]?.caller).toMatchObject({ tenant, isOperator });
  });

  test("a wrong secret reads like an unknown key", async () => {
    const { call } = setUp();
    const headers = { authorization: `Bearer wam_revoked00000_${"t".repeat(40)}` };
    expect((await call("/v1/rules/a", { key: null, headers })).json.code).toBe("unauthorized");
  });

  test("keys are refused when revocations may not be heard of", async () => {
    const answer = await setUp({ freshMs: 30_001 }).post({ name: "abc" });
    expect(answer).toMatchObject({ status: 503, json: { code: "not_ready" } });
    expect(answer.headers.get("retry-after")).toBe("5");
  });
});

describe("mistakes in a request", () => {
  test.each<[string, unknown, string, { field: string; problem: string; remedy: string }[]]>([
    [
      "an unknown field",
      { name: "abc", nmae: 1 },
      "unknown_field",
      [{ field: "nmae", problem: "is not known", remedy: "Leave it out, or correct its spelling." }],
    ],
    [
      "a missing field",
      {},
      "invalid_body",
      [{ field: "name", problem: "is missing", remedy: "Send a string." }],
    ],
    [
      "several at once",
      { name: "a", count: "1", lane: "fast", items: [{ n: 1 }, { n: null, m: 2 }] },
      "invalid_body",
      [
        { field: "name", problem: "is too small", remedy: "Send at least 2 characters." },
        { field: "count", problem: "is not a number", remedy: "Send a number." },
        { field: "lane", problem: "is none of the values taken", remedy: "Send one of otp, bulk." },
        { field: "items.1.n", problem: "is not a number", remedy: "Send a number." },
        { field: "items.1.m", problem: "is not known", remedy: "Leave it out, or correct its spelling." },
      ],
    ],
    [
      "no member of a union",
      { name: "abc", to: 5 },
      "invalid_body",
      [{ field: "to", problem: "Invalid input: expected string or object", remedy: expect.any(String) }],
    ],
    [
      "a mistake inside a union",
      { name: "abc", to: { kind: "phone", value: 5 } },
      "invalid_body",
      [{ field: "to.value", problem: "is not a string", remedy: "Send a string." }],
    ],
    ["not an object", [], "invalid_body", [expect.objectContaining({ field: "(all of it)" })]],
    [
      "text no store can hold",
      { name: "a\u0000b" },
      "invalid_body",
      [expect.objectContaining({ field: "name" })],
    ],
    [
      "half a surrogate pair",
      '{"name":"a\\ud800"}',
      "invalid_body",
      [expect.objectContaining({ field: "name" })],
    ],
    [
      "a bottomless pit",
      `{"name":${"[".repeat(90)}${"]".repeat(90)}}`,
      "invalid_body",
      [expect.objectContaining({ problem: "is nested too deeply" })],
    ],
  ])("%s is named with its remedy", async (_what, body, code, errors) => {
    const { post, seen } = setUp();
    const answer = await post(body);
    expect(answer).toMatchObject({ status: 400, json: { code } });
    expect(answer.json.errors).toEqual(errors);
    expect(seen).toEqual([]);
  });

  test.each<[string, string | Uint8Array, string | null, number, string]>([
    ["no JSON", "{", "application/json", 400, "invalid_json"],
    ["no body", "", "application/json", 400, "invalid_json"],
    ["no UTF-8", new Uint8Array([0x22, 0xff, 0x22]), "application/json", 400, "invalid_json"],
    ["too much", JSON.stringify("x".repeat(300)), "application/json", 413, "body_too_large"],
    ["another media type", "a=b", "application/x-www-form-urlencoded", 415, "unsupported_media_type"],
  ])("%s: %#", async (_what, body, type, status, code) => {
    const { post } = setUp();
    const answer = await post(body, { headers: { "content-type": type ?? "" } });
    expect(answer).toMatchObject({ status, json: { code, detail: expect.any(String) } });
  });

  test("a further media type and parameters of one are taken", async () => {
    const { post } = setUp();
    for (const type of ["application/cloudevents+json", "Application/JSON; charset=utf-8"])
      expect((await post({ name: "abc" }, { headers: { "content-type": type } })).status).toBe(201);
  });

  test("a streamed body is cut at the limit", async () => {
    const { call } = setUp();
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 4;
        controller.enqueue(new Uint8Array(4));
      },
    });
    const init = { method: "POST", body, duplex: "half", key: null } as RequestInit & { key: null };
    expect(await call("/callbacks/1", init)).toMatchObject({ status: 413, json: { code: "body_too_large" } });
    expect(sent).toBeLessThan(100);
  });

  test.each<[string, string, RequestInit, number, string]>([
    ["unknown path", "/v1/nothing", {}, 404, "not_found"],
    ["misshapen id", "/v1/rules/A1", {}, 404, "not_found"],
    ["U+0000 in an id", "/v1/rules/a%00", { method: "DELETE" }, 404, "not_found"],
    ["other method", "/v1/rules/a", { method: "PATCH" }, 405, "method_not_allowed"],
    ["unknown parameter", "/v1/rules/a?x=1", {}, 400, "invalid_query"],
    ["unknown parameter where there is none", "/v1/rules/a?x=1", { method: "DELETE" }, 400, "invalid_query"],
    ["parameter given twice", "/v1/rules/a?wait=1&wait=2", {}, 400, "invalid_query"],
    ["U+0000 in the query", "/v1/rules/a?wait=%00", {}, 400, "invalid_query"],
    ["wrong header", "/v1/rules/a", { headers: { "x-must": "long" } }, 400, "invalid_header"],
    ["a problem thrown", "/v1/rules/missing", {}, 404, "not_found"],
    ["broker away", "/v1/rules/broker", {}, 503, "broker_unavailable"],
    ["our mistake", "/v1/rules/bug", {}, 500, "internal"],
  ])("%s", async (_what, path, init, status, code) => {
    const { call, lines } = setUp();
    const answer = await call(path, init);
    expect(answer).toMatchObject({
      status,
      json: { status, code, type: `https://wamesh.dev/problems/${code}` },
    });
    if (status === 405) expect(answer.headers.get("allow")).toBe("GET, DELETE");
    if (code === "broker_unavailable") expect(answer.headers.get("retry-after")).toBe("2");
    expect(JSON.stringify(answer.json)).not.toContain("secret of the house");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ code, status, level: status >= 500 ? "error" : "info" });
    if (status === 500) expect(String(lines[0]?.err)).toContain("secret of the house");
  });
});

describe("the API describes itself", () => {
  test("as OpenAPI, with scopes and problems", async () => {
    const { json } = await setUp().call("/openapi.json", { key: null });
    expect(Object.keys(json.paths)).toEqual(["/v1/rules", "/v1/rules/{id}", "/callbacks/{app}"]);
    const post = json.paths["/v1/rules"].post;
    expect(post.security).toEqual([{ key: ["rules:write"] }]);
    expect(post.requestBody.content["application/json"].schema).toEqual({
      $ref: "#/components/schemas/Echo",
    });
    expect(json.components.schemas.Echo.additionalProperties).toBe(false);
    expect(post.responses.default.content["application/problem+json"].schema).toEqual({
      $ref: "#/components/schemas/Problem",
    });
  });

  test("as a list of routes, for tests that call each of them", () => {
    expect(setUp().api.routes()).toContainEqual({
      method: "POST",
      path: "/v1/rules",
      scope: "rules:write",
      public: false,
    });
  });
});
