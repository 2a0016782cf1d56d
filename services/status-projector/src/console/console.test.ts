// The console's own routes through the API as it is served, without a database: it has none.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TenantBrand } from "@wamesh/events";
import { createApi } from "@wamesh/http";
import { keyVerifier, sealedSession, sessionMs } from "@wamesh/vault";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAttempts } from "./attempts.ts";
import { serveConsole } from "./serve.ts";
import { createStaticFiles } from "./static-files.ts";

const ring = [{ id: "test", secret: "p".repeat(16) }];
const secret = "s".repeat(40);
const wam = (id: string, of = secret) => `wam_${id}_${of}`;
const operator = { isOperator: true, isAgency: false, parent: null };
const agency = { isOperator: false, isAgency: true, parent: null };
const tenant = { isOperator: false, isAgency: false, parent: null };
const tenants: Record<string, { isOperator: boolean; isAgency: boolean; parent: string | null }> = {
  operator,
  north: agency,
  shop: { ...tenant, parent: "north" },
  bar: { ...tenant, parent: "north" },
  acme: tenant,
};
const keys: Record<string, string> = {
  operator0000: "operator",
  north0000000: "north",
  acme00000000: "acme",
  expiring0000: "acme",
};

let now: number;
let revoked: Set<string>;
let audited: string[];
let brands: Record<string, TenantBrand>;
let folder: string;

beforeEach(async () => {
  now = Date.UTC(2026, 10, 20);
  revoked = new Set();
  audited = [];
  brands = {};
  folder = await mkdtemp(join(tmpdir(), "wamesh-console-"));
});
afterEach(() => rm(folder, { recursive: true }));

function setUp() {
  const key = (id: string) => {
    const owner = keys[id];
    if (owner === undefined) return undefined;
    return {
      tenant: owner,
      state: revoked.has(id) ? "revoked" : "active",
      secretHashes: [secret],
      scopes: ["*"],
      expiresAt: id === "expiring0000" ? now + 60_000 : null,
    };
  };
  const people = {
    key,
    tenant: (id: string) =>
      tenants[id] && {
        ...tenants[id],
        state: "active",
        record: { name: `The ${id}`, brand: brands[id] ?? null },
      },
    tenants: () => Object.keys(tenants),
    childrenOf: (id: string) => Object.keys(tenants).filter((one) => tenants[one]!.parent === id),
  };
  const lines: object[] = [];
  const log = {
    info: (facts: object) => void lines.push(facts),
    error: (facts: object) => void lines.push(facts),
  };
  const auth = {
    directory: { ...people, mayActFor: () => false, freshMs: () => 0 },
    verifySecret: (given: string, hashes: readonly string[]) => hashes.includes(given),
    openSession: keyVerifier(ring).openSession,
  };
  const api = createApi({ service: "test", version: "0", log, now: () => now, auth });
  serveConsole(api, {
    auth,
    people,
    sessions: sealedSession(ring),
    attempts: createAttempts(),
    audit: (action, caller) => void audited.push(`${action} ${caller.keyId}`),
    files: createStaticFiles(folder),
    now: () => now,
  });
  const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: object) =>
    api.app.request(path, {
      method,
      headers: { ...(body && { "content-type": "application/json" }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
  const signIn = (given: string, headers: Record<string, string> = {}) =>
    ask(
      "POST",
      "/console/api/sign-in",
      { "wamesh-console": "1", host: "localhost:8080", ...headers },
      { key: given },
    );
  const me = (cookie: string, headers: Record<string, string> = { "wamesh-console": "1" }) =>
    ask("GET", "/console/api/me", { cookie, ...headers });
  return { ask, signIn, me, lines };
}

const cookieOf = (answer: Response) => answer.headers.get("set-cookie")!.split(";")[0]!;

describe("signing in", () => {
  test("gives a cookie that no script reads and no other site sends, and tells who it is", async () => {
    const { signIn, me } = setUp();
    const answer = await signIn(wam("acme00000000"));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("set-cookie")).toMatch(
      /^wamesh_session=test\.[\w-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    const who = {
      tenant: "acme",
      name: "The acme",
      kind: "tenant",
      scopes: ["*"],
      key_id: "acme00000000",
      expires_at: new Date(now + sessionMs).toISOString(),
      brand: null,
      tenants: [{ tenant: "acme", name: "The acme", brand: null }],
    };
    expect(await answer.json()).toEqual(who);
    expect(await (await me(cookieOf(answer))).json()).toEqual(who);
    expect(audited).toEqual(["console.signed_in acme00000000"]);
  });

  test.each([
    ["operator0000", "operator", ["operator", "acme", "bar", "north", "shop"]],
    ["north0000000", "agency", ["north", "bar", "shop"]],
    ["acme00000000", "tenant", ["acme"]],
  ])("%s is an %s and sees whom it reaches, its own first", async (id, kind, reached) => {
    const who = (await (await setUp().signIn(wam(id))).json()) as {
      kind: string;
      tenants: { tenant: string }[];
    };
    expect(who.kind).toBe(kind);
    expect(who.tenants.map((one) => one.tenant)).toEqual(reached);
  });

  test("an agency's key gets its brand, and with it each child's own or, without one, the agency's", async () => {
    const red = { name: "Red", logo_url: "https://red.example/logo.svg", colour: "#aa0000" };
    const blue = { name: "Blue", logo_url: null, colour: null };
    brands = { north: red, shop: blue };
    const who = await (await setUp().signIn(wam("north0000000"))).json();
    expect(who).toMatchObject({
      brand: red,
      tenants: [
        { tenant: "north", brand: red },
        { tenant: "bar", brand: red },
        { tenant: "shop", brand: blue },
      ],
    });
  });

  test("a session ends with its key, if that is sooner", async () => {
    const who = (await (await setUp().signIn(wam("expiring0000"))).json()) as { expires_at: string };
    expect(who.expires_at).toBe(new Date(now + 60_000).toISOString());
  });

  test.each([
    ["no key at all", "nonsense"],
    ["an unknown one", wam("nobody000000")],
    ["a wrong secret", wam("acme00000000", "x".repeat(40))],
  ])("%s is 401 without a cookie, and is not in the log", async (_what, key) => {
    const { signIn, lines } = setUp();
    const answer = await signIn(key);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("set-cookie")).toBeNull();
    expect(await answer.text()).not.toContain(key);
    expect(JSON.stringify(lines)).not.toContain(key);
    expect(audited).toEqual([]);
  });

  test.each([
    ["without the console's header", { "wamesh-console": "" }],
    ["from another site", { "sec-fetch-site": "cross-site" }],
  ])("%s nobody is signed in", async (_how, headers) => {
    const answer = await setUp().signIn(wam("acme00000000"), headers);
    expect(answer.status).toBe(400);
    expect(answer.headers.get("set-cookie")).toBeNull();
  });

  test("who guesses waits after ten wrong keys; others don't, and a right one after the wait is taken", async () => {
    const { signIn } = setUp();
    // What stands before the last address is the guesser's own word.
    const from = (n: number) => ({ "x-forwarded-for": `10.0.0.${n}, 203.0.113.7` });
    for (let n = 0; n < 10; n++) expect((await signIn(wam("nobody000000"), from(n))).status).toBe(401);
    const refused = await signIn(wam("acme00000000"), from(11));
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "6"]);
    expect((await signIn(wam("acme00000000"), { "x-forwarded-for": "203.0.113.8" })).status).toBe(200);
    now += 6_000;
    expect((await signIn(wam("acme00000000"), from(12))).status).toBe(200);
  });

  test.each([
    ["http, on this machine", { host: "127.0.0.1:8080", "x-forwarded-proto": "http" }, false],
    ["http, on this machine by name", { host: "localhost" }, false],
    ["https, on this machine", { host: "localhost", "x-forwarded-proto": "https" }, true],
    ["https", { host: "mesh.example.com", "x-forwarded-proto": "https" }, true],
    ["http from elsewhere", { host: "mesh.example.com" }, true],
    ["a name that only begins like this machine's", { host: "localhost.example.com" }, true],
  ])("over %s: the cookie is marked Secure: %s %s", async (_how, headers, isSecure) => {
    const answer = await setUp().signIn(wam("acme00000000"), headers);
    expect(answer.headers.get("set-cookie")!.includes("; Secure")).toBe(isSecure);
  });
});

describe("a session", () => {
  test("ends at once when its key is revoked, and by itself after twelve hours", async () => {
    const { signIn, me } = setUp();
    const cookie = cookieOf(await signIn(wam("acme00000000")));
    revoked.add("acme00000000");
    expect(await (await me(cookie)).json()).toMatchObject({ status: 401, code: "key_revoked" });
    revoked.clear();
    expect((await me(cookie)).status).toBe(200);
    now += sessionMs;
    expect((await me(cookie)).status).toBe(401);
  });

  test("signs out: the cookie goes, also one that has ended already", async () => {
    const { ask, signIn } = setUp();
    const cookie = cookieOf(await signIn(wam("acme00000000")));
    const out = () =>
      ask("POST", "/console/api/sign-out", { cookie, "wamesh-console": "1", host: "localhost" });
    const gone = "wamesh_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0";
    const answer = await out();
    expect([answer.status, answer.headers.get("set-cookie")]).toEqual([204, gone]);
    expect(audited.at(-1)).toBe("console.signed_out acme00000000");
    now += sessionMs;
    const late = await out();
    expect([late.status, late.headers.get("set-cookie")]).toEqual([401, gone]);
  });

  test("no other site signs anybody out, or learns who is signed in", async () => {
    const { ask, signIn, me } = setUp();
    const cookie = cookieOf(await signIn(wam("acme00000000")));
    expect((await ask("POST", "/console/api/sign-out", { cookie })).status).toBe(401);
    expect((await me(cookie, {})).status).toBe(401);
  });
});

describe("the pages", () => {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data: https:",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

  async function build() {
    await mkdir(join(folder, "assets"));
    await writeFile(join(folder, "index.html"), "<!doctype html>one");
    await writeFile(join(folder, "icon.svg"), "<svg/>");
    await writeFile(join(folder, "assets/main-abc123.js"), "run()");
  }

  test.each([
    ["/console/", "text/html; charset=utf-8", "no-cache", "<!doctype html>one"],
    ["/console/acme/messages/7", "text/html; charset=utf-8", "no-cache", "<!doctype html>one"],
    ["/console/icon.svg", "image/svg+xml", "no-cache", "<svg/>"],
    [
      "/console/assets/main-abc123.js",
      "text/javascript; charset=utf-8",
      "public, max-age=31536000, immutable",
      "run()",
    ],
  ])("%s is served with the strict policy", async (path, type, cache, text) => {
    await build();
    const answer = await setUp().ask("GET", path);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": type,
      "cache-control": cache,
      "content-security-policy": policy,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
    expect(await answer.text()).toBe(text);
  });

  test("are compressed for who takes it, and are new after another build", async () => {
    await build();
    const { ask } = setUp();
    const page = async () => {
      const answer = await ask("GET", "/console/", { "accept-encoding": "br, gzip" });
      expect(answer.headers.get("content-encoding")).toBe("gzip");
      return new Response(answer.body!.pipeThrough(new DecompressionStream("gzip"))).text();
    };
    expect(await page()).toBe("<!doctype html>one");
    await writeFile(join(folder, "index.html"), "<!doctype html>another");
    expect(await page()).toBe("<!doctype html>another");
  });

  test("an asset of an earlier build is a 404, not the page", async () => {
    await build();
    expect((await setUp().ask("GET", "/console/assets/main-old.js")).status).toBe(404);
  });

  test.each([
    "../secret.json",
    "assets/../../secret.json",
    "//../secret.json",
    "..\\\\secret.json",
    "..%2fsecret.json",
  ])("%s leads nowhere outside of the folder", async (path) => {
    await mkdir(join(folder, "dist"));
    await writeFile(join(folder, "dist/index.html"), "page");
    await writeFile(join(folder, "secret.json"), "secret");
    const answer = await createStaticFiles(join(folder, "dist"))(path, false);
    expect(await answer.text()).toBe("page");
  });

  test("without a build, it says what to do", async () => {
    const answer = await setUp().ask("GET", "/console/");
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain("not built yet");
  });

  test("the short address leads there; what is no route of the console's API is a problem, not a page", async () => {
    await build();
    const { ask } = setUp();
    const short = await ask("GET", "/console");
    expect([short.status, short.headers.get("location")]).toEqual([308, "/console/"]);
    expect(await (await ask("GET", "/console/api/nothing")).json()).toMatchObject({ code: "not_found" });
    expect((await ask("GET", "/console/api/sign-in")).status).toBe(405);
  });
});
