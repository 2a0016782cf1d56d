/** Uploads on the real schedule's database, a file server and a provider: whatever the number of messages, each file goes once. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { parseAllowList } from "@wamesh/egress";
import { content, type OutboundMessage } from "@wamesh/events";
import { createMediaClient, type MediaClient } from "@wamesh/providers";
import { connect, type Sql } from "@wamesh/store";
import { type FreshDatabase, freshDatabase, outboundMessage, until } from "@wamesh/testing";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { createFileFetcher } from "./fetch-file.ts";
import type { Asked } from "./known-file.ts";
import { createUploadStore } from "./store.ts";
import { startUploads } from "./uploads.ts";

let database: FreshDatabase;
let sql: Sql;
let files: Server;
let graph: Server;
let client: MediaClient;
let fetched: string[];
let uploaded: number;
let graphStatus: number;
/** By path: how the file server answers. */
let answers: Record<string, { status?: number; type?: string; body?: string | Buffer; location?: string }>;
let closers: (() => Promise<void>)[];
const jpeg = Buffer.from("ffd8ffe000104a464946", "hex");
const root = join(import.meta.dirname, "../../../..");

const listening = (server: Server) =>
  new Promise<number>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)),
  );
let fileOrigin: string;

beforeAll(async () => {
  const dirs = ["packages/pacer/migrations", "services/dispatcher/migrations"].map((dir) => join(root, dir));
  database = await freshDatabase({ migrations: [{ schema: "dispatch", dirs }] });
  // As the service connects: by its role, and without table scans.
  sql = connect({
    url: database.appUrl("dispatch"),
    schema: "dispatch",
    max: 4,
    applicationName: "test",
    avoidTableScans: true,
  });
  files = createServer((request, response) => {
    fetched.push(request.url!);
    const { status = 200, type = "image/jpeg", body = jpeg, location } = answers[request.url!] ?? {};
    response.writeHead(status, { "content-type": type, ...(location !== undefined && { location }) });
    response.end(body);
  });
  graph = createServer((request, response) => {
    request.resume().on("end", () => {
      uploaded += 1;
      response.writeHead(graphStatus, { "content-type": "application/json" });
      response.end(graphStatus === 200 ? JSON.stringify({ id: `90${uploaded}` }) : "<html>");
    });
  });
  fileOrigin = `http://127.0.0.1:${await listening(files)}`;
  client = createMediaClient({ baseUrl: `http://127.0.0.1:${await listening(graph)}/v25.0` });
});
afterAll(async () => {
  await client?.close();
  files?.close();
  graph?.close();
  await sql?.end();
  await database?.drop();
});
beforeEach(async () => {
  await sql`delete from media_upload`;
  [fetched, uploaded, graphStatus, answers, closers] = [[], 0, 200, {}, []];
});
afterEach(async () => {
  for (const close of closers) await close();
});

/** One process. */
function open(allow = "127.0.0.1/32:*", monotonicMs = () => performance.now()) {
  const fetcher = createFileFetcher({ allow: parseAllowList(allow), mostBytes: 1_000_000 });
  const uploads = startUploads({
    store: createUploadStore(sql),
    fetchFile: fetcher.fetchFile,
    client,
    sender: (sessionId) => ({
      sessionId,
      providerRef: "301",
      credentials: { kind: "cloud_api", accessToken: "EAAsecret" },
    }),
    count: () => {},
    log: { info: () => {}, warn: () => {} },
    monotonicMs,
  });
  closers.push(async () => {
    await uploads.stop();
    await fetcher.close();
  });
  return uploads;
}

function image(url: string, over: Partial<OutboundMessage> = {}): OutboundMessage {
  const media = {
    ...{ url, provider_id: null, caption: null, file_name: null },
    ...{ voice: false, view_once: false, upload: true },
  };
  return outboundMessage({ provider: "cloud_api", content: content("image", { media }), ...over });
}

type Process = ReturnType<typeof open>;

const settled = (process: Process, message: OutboundMessage): Promise<Asked> =>
  until(async () => {
    const asked = process.ask(message)!;
    return asked.kind === "wait" && asked.why === null ? undefined : asked;
  });

it("a thousand messages with one file fetch and upload it once, and a restart not again", async () => {
  const process = open();
  const message = image(`${fileOrigin}/a.jpg`);
  for (let i = 0; i < 1000; i++) expect(process.ask(message)).toMatchObject({ kind: "wait" });
  expect(await settled(process, message)).toEqual({ kind: "ready", id: "901" });
  expect(await settled(open(), message)).toEqual({ kind: "ready", id: "901" });
  expect([fetched, uploaded]).toEqual([["/a.jpg"], 1]);
});

it("two processes at once upload it once", async () => {
  const message = image(`${fileOrigin}/b.jpg`);
  const both = [open(), open()];
  for (const process of both) process.ask(message);
  for (const process of both) expect(await settled(process, message)).toMatchObject({ kind: "ready" });
  expect([fetched, uploaded]).toEqual([["/b.jpg"], 1]);
});

it("another session, another kind and another address are another file", async () => {
  const process = open();
  const message = image(`${fileOrigin}/c.jpg`);
  const { media } = message.content;
  for (const one of [
    message,
    image(`${fileOrigin}/c.jpg`, { session: "ses_other" }),
    image(`${fileOrigin}/d.jpg`),
    { ...message, content: content("document", { media }) },
  ])
    expect(await settled(process, one)).toMatchObject({ kind: "ready" });
  expect(uploaded).toBe(4);
});

it("what was uploaded too long ago is uploaded again", async () => {
  const message = image(`${fileOrigin}/old.jpg`);
  expect(await settled(open(), message)).toEqual({ kind: "ready", id: "901" });
  await sql`update media_upload set holds_until = now_ms() where state = 'uploaded'`;
  expect(await settled(open(), message)).toEqual({ kind: "ready", id: "902" });
});

it("an id that the provider may have dropped is replaced, unless it is young", async () => {
  let aheadMs = 0;
  const process = open("127.0.0.1/32:*", () => performance.now() + aheadMs);
  const message = image(`${fileOrigin}/dropped.jpg`);
  expect(await settled(process, message)).toEqual({ kind: "ready", id: "901" });
  process.refused(message);
  expect(process.ask(message)).toEqual({ kind: "ready", id: "901" });
  aheadMs = 600_000;
  process.refused(message);
  expect(await settled(process, message)).toEqual({ kind: "ready", id: "902" });
});

it("the file in a template's header is uploaded as any other, and shares the upload", async () => {
  const process = open();
  const value = JSON.stringify({ link: `${fileOrigin}/header.jpg`, upload: true });
  const header = { kind: "header" as const, sub_type: null, index: null };
  const components = [{ ...header, parameters: [{ kind: "image", name: null, value }] }];
  const template = content("template", { template: { name: "sale", language: "en", components } });
  const message = outboundMessage({ provider: "cloud_api", content: template });
  expect(await settled(process, message)).toEqual({ kind: "ready", id: "901" });
  expect(await settled(process, image(`${fileOrigin}/header.jpg`))).toEqual({ kind: "ready", id: "901" });
  expect([fetched, uploaded]).toEqual([["/header.jpg"], 1]);
});

it("a file that can't be used is said so once for all, and nothing is uploaded", async () => {
  answers = {
    "/gone": { status: 404 },
    "/page": { type: "text/html" },
    "/huge": { body: Buffer.concat([jpeg, Buffer.alloc(1_000_001)]) },
    "/disguised": { body: "<!doctype html>" },
    "/moved": { status: 302, location: `${fileOrigin}/a.jpg` },
    "/empty": { body: "" },
  };
  const process = open();
  for (const path of Object.keys(answers)) {
    const message = image(fileOrigin + path);
    expect([path, await settled(process, message)]).toMatchObject([path, { kind: "unusable" }]);
    // Another process reads it instead of asking again.
    expect(await settled(open(), message)).toMatchObject({ kind: "unusable" });
  }
  expect([fetched.sort(), uploaded]).toEqual([Object.keys(answers).sort(), 0]);
});

it("an inner address is not even connected to", async () => {
  const message = image(`${fileOrigin}/a.jpg`);
  const asked = await settled(open(""), message);
  expect(asked).toMatchObject({ kind: "unusable", why: expect.stringMatching(/not public/) });
  expect(fetched).toEqual([]);
});

it("a provider or a server in trouble is asked again later, and its words hold no secret", async () => {
  graphStatus = 502;
  answers = { "/busy": { status: 503 } };
  const process = open();
  for (const path of ["/x.jpg", "/busy"]) {
    const asked = await settled(process, image(fileOrigin + path));
    expect(asked).toMatchObject({ kind: "wait", why: expect.stringMatching(/50[23]/) });
    expect(JSON.stringify(asked)).not.toContain("EAAsecret");
  }
  graphStatus = 200;
  answers = {};
  await sql`update media_upload set holds_until = now_ms()`;
  const restarted = open();
  for (const path of ["/x.jpg", "/busy"])
    expect(await settled(restarted, image(fileOrigin + path))).toMatchObject({ kind: "ready" });
});

it("what a killed process was at is taken over when its time is up", async () => {
  const store = createUploadStore(sql);
  const key = { session: "s", kind: "image", urlHash: "h" };
  expect(await store.begin(key, 60_000)).toEqual({ kind: "ours", failures: 0 });
  expect(await store.begin(key, 60_000)).toMatchObject({ kind: "theirs" });
  await sql`update media_upload set holds_until = now_ms()`;
  expect(await store.begin(key, 60_000)).toEqual({ kind: "ours", failures: 0 });
});
