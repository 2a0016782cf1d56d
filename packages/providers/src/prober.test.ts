/** A session's state, as its provider tells it; whatever is no clear word changes nothing. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProber } from "./prober.ts";
import { providers } from "./providers.ts";

const cloud = {
  sessionId: "ses_1",
  providerRef: "301",
  credentials: { kind: "cloud_api" as const, accessToken: "EAAsecret" },
};
const wasender = {
  sessionId: "ses_2",
  providerRef: "412",
  credentials: { kind: "wasender" as const, apiKey: "ab".repeat(32) },
};

describe("Cloud API", () => {
  const read = (status: number, body: unknown) =>
    providers.cloud_api.readState({
      status,
      headers: {},
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  it.each([
    ["CONNECTED", "connected"],
    ["PENDING", "pin_required"],
    ["UNVERIFIED", "pin_required"],
    ["DISCONNECTED", "disconnected"],
    ["RATE_LIMITED", "connected"],
    ["BANNED", "suspended"],
    ["SOMETHING_NEW", "suspended"],
  ])("%s is %s", (word, status) =>
    expect(read(200, { id: "301", status: word })).toEqual({ kind: "state", status, detail: word }),
  );

  it.each([
    [401, { error: { code: 190, type: "OAuthException", message: "Bad token EAAsecret" } }, "auth_failed"],
    [403, { error: { code: 200, type: "OAuthException" } }, "auth_failed"],
    [400, { error: { code: 100, type: "GraphMethodException" } }, "disconnected"],
  ])("HTTP %d %o", (status, body, state) => {
    const found = read(status, body);
    expect(found).toMatchObject({ kind: "state", status: state });
    expect(JSON.stringify(found)).not.toContain("EAAsecret");
  });

  it.each([
    [500, { error: { code: 2, type: "OAuthException" } }],
    [502, "<html>Bad gateway</html>"],
    [200, "nonsense"],
  ])("HTTP %d %o says nothing", (status, body) =>
    expect(read(status, body)).toMatchObject({ kind: "unsure" }),
  );
});

describe("WasenderApi", () => {
  const read = (status: number, body: unknown) =>
    providers.wasender.readState({
      status,
      headers: {},
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  it.each([
    [{ status: "connected" }, "connected"],
    [{ status: "NEED_SCAN" }, "need_scan"],
    [{ success: true, data: { status: "logged_out" } }, "logged_out"],
    [{ status: "expired" }, "expired"],
  ])("%o is %s", (body, status) => expect(read(200, body)).toMatchObject({ kind: "state", status }));

  it("a refused key is auth_failed", () =>
    expect(read(401, { success: false })).toMatchObject({ status: "auth_failed" }));

  it.each([
    [200, { status: "dreaming" }],
    [200, { success: false, message: "?" }],
    [500, "<html>"],
  ])("HTTP %d %o says nothing", (status, body) =>
    expect(read(status, body)).toMatchObject({ kind: "unsure" }),
  );
});

describe("over HTTP", () => {
  const asked: { url: string | undefined; authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url, authorization: request.headers.authorization });
    response.setHeader("content-type", "application/json").end(JSON.stringify({ status: "CONNECTED" }));
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  it("asks the provider with the session's own credentials", async () => {
    const probers = {
      cloud: createProber("cloud_api", { baseUrl: `${origin()}/v25.0` }),
      web: createProber("wasender", { baseUrl: `${origin()}/api` }),
    };
    expect(await probers.cloud.probe(cloud, AbortSignal.timeout(2000))).toMatchObject({
      status: "connected",
    });
    expect(await probers.web.probe(wasender, AbortSignal.timeout(2000))).toMatchObject({
      status: "connected",
    });
    await Promise.all([probers.cloud.close(), probers.web.close()]);
    expect(asked[0]).toMatchObject({
      url: expect.stringMatching(/^\/v25\.0\/301\?fields=id,/),
      authorization: "Bearer EAAsecret",
    });
    expect(asked[1]).toMatchObject({ url: "/api/status", authorization: `Bearer ${"ab".repeat(32)}` });
  });

  it("is unsure when nobody answers", async () => {
    const prober = createProber("wasender", { baseUrl: "http://127.0.0.1:9" });
    expect(await prober.probe(wasender, AbortSignal.timeout(2000))).toMatchObject({ kind: "unsure" });
    await prober.close();
  });
});
