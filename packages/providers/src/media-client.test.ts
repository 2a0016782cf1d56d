/** Uploads as the Cloud API wants them, and what its answers mean. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildUpload, readUpload } from "./cloud-api/media.ts";
import { createMediaClient } from "./media-client.ts";
import { mediaLimits, mimeTypeOf, refuseType } from "./media-limits.ts";
import type { MediaKind, SenderSession } from "./send.ts";

const session: SenderSession = {
  sessionId: "ses_1",
  providerRef: "301",
  credentials: { kind: "cloud_api", accessToken: "EAAsecret" },
};
const file = { mimeType: "image/jpeg", chunks: [Buffer.from("ab"), Buffer.from("c")] };

describe("a file", () => {
  it.each<[MediaKind, string | null, boolean]>([
    ["image", "image/jpeg", true],
    ["image", "image/webp", false],
    ["image", "text/html", false],
    ["sticker", "image/webp", true],
    ["video", "video/3gpp", true],
    ["video", "audio/mpeg", false],
    ["audio", "audio/ogg", true],
    ["document", "application/x-anything", true],
    ["document", null, false],
  ])("sent as %s of type %s: taken %s", (kind, type, taken) => {
    expect(refuseType(kind, type) === null).toBe(taken);
  });

  it.each([
    ["Image/JPEG; charset=binary", "image/jpeg"],
    ["image/jpeg\r\nx: y", null],
    ["jpeg", null],
    ["", null],
    [null, null],
  ])("type %j is read as %j", (header, type) => {
    expect(mimeTypeOf(header)).toBe(type);
  });

  it("is not used until the day it ends at the provider", () => {
    expect(mediaLimits.usedForMs).toBeLessThan(mediaLimits.keptMs);
    expect(mediaLimits.asOf).toMatch(/^20\d\d-\d\d-\d\d$/);
  });
});

it("without a token of the Cloud API there is no request", () => {
  expect(buildUpload({ ...session, credentials: { kind: "wasender", apiKey: "k" } }, file, "b")).toBeNull();
});

it.each([
  [200, { id: "900" }, { kind: "uploaded", id: "900" }],
  [200, "nonsense", { kind: "unsure" }],
  [502, "<html>", { kind: "unsure", why: "HTTP 502" }],
  [400, { error: { code: 131053, message: "Media upload error EAAsecret" } }, { kind: "unsure" }],
  [400, { error: { code: 100, message: "Unsupported type EAAsecret" } }, { kind: "refused" }],
  [401, { error: { code: 190, type: "OAuthException", message: "Bad token EAAsecret" } }, { kind: "unsure" }],
  [400, { error: { code: 130429, message: "Rate limit hit" } }, { kind: "unsure" }],
])("the answer %d %j", (status, body, uploaded) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const read = readUpload({ status, headers: {}, body: text }, 0);
  expect(read).toMatchObject(uploaded);
  expect(JSON.stringify(read)).not.toContain("EAAsecret");
});

describe("over the wire", () => {
  const seen: { url: string | undefined; length: string | undefined; form: Promise<FormData> }[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const headers = { "content-type": request.headers["content-type"] ?? "" };
    seen.push({
      url: request.url,
      length: request.headers["content-length"],
      form: new Response(Buffer.concat(parts), { headers }).formData(),
    });
    response.end('{"id":"900"}');
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it("the file arrives whole, with its type; who meets nobody is unsure", async () => {
    const { port } = server.address() as AddressInfo;
    const client = createMediaClient({ baseUrl: `http://127.0.0.1:${port}/v25.0` });
    expect(await client.upload(session, file, AbortSignal.timeout(5_000))).toEqual({
      kind: "uploaded",
      id: "900",
    });
    await client.close();
    const [{ url, length, form }] = seen as [(typeof seen)[0]];
    expect([url, Number(length) > 0]).toEqual(["/v25.0/301/media", true]);
    const fields = await form;
    expect([fields.get("messaging_product"), fields.get("type")]).toEqual(["whatsapp", "image/jpeg"]);
    const sent = fields.get("file") as File;
    expect([sent.type, await sent.text()]).toEqual(["image/jpeg", "abc"]);

    const nobody = createMediaClient({ baseUrl: "http://127.0.0.1:1" });
    expect(await nobody.upload(session, file, AbortSignal.timeout(5_000))).toMatchObject({ kind: "unsure" });
    await nobody.close();
  });
});
