/** Read marks as each provider wants them, and what its answers mean. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readMarks as cloudApi } from "./cloud-api/read-mark.ts";
import { createReadMarker } from "./read-mark.ts";
import type { SenderSession } from "./send.ts";
import { readMarks as wasender } from "./wasender/read-mark.ts";

const cloudSession: SenderSession = {
  sessionId: "ses_1",
  providerRef: "301",
  credentials: { kind: "cloud_api", accessToken: "EAAsecret" },
};
const webSession: SenderSession = {
  sessionId: "ses_2",
  providerRef: "412",
  credentials: { kind: "wasender", apiKey: "ab".repeat(32) },
};
const message = { providerId: "ID", chat: "98765432101234@lid" };

describe("the request", () => {
  it("of the Cloud API names the wamid", () => {
    const request = cloudApi.buildRequest(cloudSession, { providerId: "wamid.X", chat: null });
    expect(request).toMatchObject({ path: "/301/messages", headers: { authorization: "Bearer EAAsecret" } });
    expect(JSON.parse(request!.body)).toEqual({
      ...{ messaging_product: "whatsapp", status: "read", message_id: "wamid.X" },
    });
  });

  it("of the Cloud API shows that somebody is writing, where that is asked for", () => {
    const request = cloudApi.buildRequest(cloudSession, { providerId: "wamid.X", chat: null, typing: true });
    expect(JSON.parse(request!.body)).toMatchObject({ typing_indicator: { type: "text" } });
  });

  it("of WasenderApi names WhatsApp's key, with the chat as its callback wrote it", () => {
    const request = wasender.buildRequest(webSession, message);
    expect(request).toMatchObject({ path: "/messages/read" });
    expect(JSON.parse(request!.body)).toEqual({ key: { id: "ID", remoteJid: message.chat, fromMe: false } });
  });

  it("is not made without what it needs", () => {
    expect(cloudApi.buildRequest(webSession, message)).toBeNull();
    expect(wasender.buildRequest(cloudSession, message)).toBeNull();
    expect(wasender.buildRequest(webSession, { ...message, chat: null })).toBeNull();
  });
});

const expired = { error: { code: 190, type: "OAuthException", message: "Bad token EAAsecret" } };

describe("the answer", () => {
  it.each([
    ["cloud_api", 200, { success: true }, { kind: "marked" }],
    ["cloud_api", 401, expired, { kind: "refused", code: "credentials_invalid" }],
    ["cloud_api", 500, "<html>", { kind: "unsure" }],
    ["cloud_api", 200, "nonsense", { kind: "unsure" }],
    ["wasender", 200, { success: true, data: { status: "read" } }, { kind: "marked" }],
    [
      "wasender",
      401,
      { success: false, message: "Invalid API key" },
      { kind: "refused", code: "credentials_invalid" },
    ],
    [
      "wasender",
      200,
      { success: false, message: "No such message" },
      { kind: "refused", code: "provider_refused" },
    ],
    ["wasender", 429, { message: "Too Many Attempts.", retry_after: 5 }, { kind: "unsure" }],
    ["wasender", 502, "<html>", { kind: "unsure" }],
  ])("of %s: %d %j", (name, status, body, marked) => {
    const marks = name === "cloud_api" ? cloudApi : wasender;
    const read = marks.readAnswer({
      status,
      headers: {},
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    expect(read).toMatchObject(marked);
    expect(JSON.stringify(read)).not.toContain("EAAsecret");
  });
});

describe("over the wire", () => {
  const seen: { method?: string | undefined; url?: string | undefined; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      seen.push({ method: request.method, url: request.url, body });
      response.end('{"success":true}');
    });
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it("one POST is made; one that can't be named is refused without any; one that meets nobody is unsure", async () => {
    const { port } = server.address() as AddressInfo;
    const marker = createReadMarker("cloud_api", { baseUrl: `http://127.0.0.1:${port}/v25.0` });
    expect(await marker.mark(cloudSession, message, AbortSignal.timeout(5_000))).toEqual({ kind: "marked" });
    expect(await marker.mark(webSession, message, AbortSignal.timeout(5_000))).toMatchObject({
      kind: "refused",
    });
    expect(seen).toMatchObject([{ method: "POST", url: "/v25.0/301/messages" }]);
    await marker.close();
    const nobody = createReadMarker("wasender", { baseUrl: "http://127.0.0.1:1" });
    expect(await nobody.mark(webSession, message, AbortSignal.timeout(5_000))).toMatchObject({
      kind: "unsure",
    });
    await nobody.close();
  });
});
