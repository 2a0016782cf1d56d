/** Tenant A's key on every route of every service against tenant B's things: nothing seen, nothing changed. */
import { beforeAll, describe, expect, it } from "vitest";
import {
  api,
  cloudTenant,
  http,
  mesh,
  newTenant,
  reaches,
  service,
  type TestTenant,
  until,
} from "./fixture.ts";

type Operation = { method: string; path: string };

/** Every operation that the services' own OpenAPI documents name. */
async function operations(): Promise<Operation[]> {
  const found: Operation[] = [];
  for (const name of ["ingest", "session-manager", "webhook-router", "status-projector"]) {
    const { url } = await service(name);
    const { body } = await http<{ paths: Record<string, Record<string, unknown>> }>(
      "GET",
      `${url}/openapi.json`,
    );
    for (const [path, methods] of Object.entries(body.paths)) {
      for (const method of Object.keys(methods)) found.push({ method: method.toUpperCase(), path });
    }
  }
  return found.filter(({ path }) => path.startsWith("/v1/"));
}

let owner: TestTenant;
let stranger: { id: string; key: string };
let revoked: string;
let things: Record<string, string>;
let routes: Operation[];

beforeAll(async () => {
  owner = await cloudTenant("iso-owner");
  stranger = await newTenant("iso-stranger");
  const { id: keyId, key } = await api<{ id: string; key: string }>("POST", "/v1/keys", {
    tenant: owner.id,
    body: { label: "to be revoked" },
  });
  await api("DELETE", `/v1/keys/${keyId}`, { tenant: owner.id });
  revoked = key;
  const rule = await api<{ id: string }>("POST", "/v1/rules", {
    key: owner.key,
    body: { name: "R", event_type: "e", message: { to: { path: "data.phone" }, text: { body: "Hi" } } },
  });
  const endpoint = await api<{ id: string }>("POST", "/v1/endpoints", {
    key: owner.key,
    body: { url: "http://127.0.0.1:9/x", events: ["message.read"] },
  });
  const sent = await api<{ id: string }>("POST", "/v1/messages", {
    key: owner.key,
    body: { to: owner.person(), template: { name: "welcome", language: "en_US", variables: ["Mara"] } },
  });
  await reaches(owner, sent.id, ["read"]);
  const keys = await api<{ items: { id: string }[] }>("GET", "/v1/keys", { key: owner.key });
  things = {
    tenants: owner.id,
    keys: keys.items[0]?.id ?? "",
    sessions: owner.session,
    rules: rule.id,
    endpoints: endpoint.id,
    messages: sent.id,
    events: "none",
    plans: "standard",
  };
  routes = await operations();
}, 120_000);

/** The path with the owner's own thing in place of each parameter. */
function filled(path: string): string {
  return path.replace(/\{[^}]+\}/g, (_parameter, at: number) => {
    const collection = path.slice(0, at).split("/").filter(Boolean).at(-1) ?? "";
    return things[collection] ?? "x";
  });
}

function says(body: unknown, secret: string): boolean {
  return (JSON.stringify(body) ?? "").includes(secret);
}

describe("tenant isolation on every route", () => {
  it("covers the routes of all four services", () => {
    expect(routes.length).toBeGreaterThanOrEqual(27);
    expect(routes).toContainEqual({ method: "DELETE", path: "/v1/messages/{id}" });
    expect(routes).toContainEqual({ method: "POST", path: "/v1/messages/{id}/resolution" });
    for (const prefix of [
      "/v1/messages",
      "/v1/events",
      "/v1/rules",
      "/v1/tenants",
      "/v1/keys",
      "/v1/sessions",
      "/v1/endpoints",
      "/v1/status",
    ]) {
      expect(routes.some(({ path }) => path.startsWith(prefix))).toBe(true);
    }
  });

  it("a stranger's key sees and changes nothing of the owner's", async () => {
    for (const { method, path } of routes) {
      const url = mesh().origin + filled(path);
      const answer = await http(method, url, {
        key: stranger.key,
        ...(method === "GET" || method === "DELETE" ? {} : { body: {} }),
      });
      const where = `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`;
      expect(answer.status, where).not.toBe(500);
      if (path.includes("{")) {
        const shared = path === "/v1/plans/{id}";
        // A decision is taken down for whoever makes it, and has no effect on a message of another tenant.
        const taken = method === "DELETE" && path === "/v1/messages/{id}" ? [202] : [400, 403, 404, 422];
        if (!shared) expect(taken, where).toContain(answer.status);
      }
      for (const thing of [
        owner.session,
        things.rules ?? "",
        things.endpoints ?? "",
        things.messages ?? "",
        things.keys ?? "",
      ]) {
        if (!filled(path).includes(thing)) expect(says(answer.body, thing), where).toBe(false);
      }
      expect(says(answer.body, "Mara"), where).toBe(false);
    }
    // Everything is still there for its owner.
    expect(await api("GET", `/v1/sessions/${owner.session}`, { key: owner.key })).toMatchObject({
      status: "connected",
      name: "main",
    });
    expect(await api("GET", `/v1/status/messages/${things.messages}`, { key: owner.key })).toMatchObject({
      status: "read",
    });
    expect(await api("GET", `/v1/rules/${things.rules}`, { key: owner.key })).toMatchObject({ version: 1 });
    expect(await api("GET", `/v1/endpoints/${things.endpoints}`, { key: owner.key })).toMatchObject({
      status: "active",
    });
  });

  it("a key cannot act for a tenant it does not reach", async () => {
    for (const { method, path } of routes) {
      const answer = await http(method, mesh().origin + filled(path), {
        key: stranger.key,
        tenant: owner.id,
        ...(method === "GET" || method === "DELETE" ? {} : { body: {} }),
      });
      expect(answer, `${method} ${path}`).toMatchObject({ status: 403, body: { code: "tenant_forbidden" } });
    }
  });

  it.each([
    ["no key", () => undefined],
    ["a key that never was", () => "wam_000000000000_nonsense"],
    ["a revoked key", () => revoked],
  ])("%s opens no route", async (_what, key) => {
    for (const { method, path } of routes) {
      const value = key();
      const answer = await http(method, mesh().origin + filled(path), {
        ...(value === undefined ? {} : { key: value }),
        ...(method === "GET" || method === "DELETE" ? {} : { body: {} }),
      });
      expect(answer.status, `${method} ${path}`).toBe(401);
    }
  });

  it("a narrower key cannot do what its scopes leave out", async () => {
    const { key } = await api<{ key: string }>("POST", "/v1/keys", {
      tenant: owner.id,
      body: { label: "reader", scopes: ["status:read"] },
    });
    const own = `${mesh().origin}/v1/status/messages/${things.messages}`;
    await until("the new key to be known", async () =>
      (await http("GET", own, { key })).status === 200 ? true : undefined,
    );
    for (const { method, path } of routes.filter((route) => !route.path.startsWith("/v1/status"))) {
      const answer = await http(method, mesh().origin + filled(path), {
        key,
        ...(method === "GET" || method === "DELETE" ? {} : { body: {} }),
      });
      expect(answer, `${method} ${path}`).toMatchObject({ status: 403, body: { code: "forbidden_scope" } });
    }
  });
});
