import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSender, type SenderOptions } from "./create-sender.ts";
import type { Sender, SenderSession, SendRequest } from "./send.ts";

type Received = { url: string; headers: IncomingMessage["headers"]; body: string };

let answer: (request: IncomingMessage, response: ServerResponse) => void;
let received: Received[];
let baseUrl: string;
const cleanUp: (() => Promise<unknown> | unknown)[] = [];

beforeEach(async () => {
  received = [];
  answer = (_request, response) => response.end(JSON.stringify({ messages: [{ id: "wamid.X" }] }));
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ url: request.url!, headers: request.headers, body: Buffer.concat(chunks).toString() });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v25.0/`;
  cleanUp.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
});

afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const session: SenderSession = {
  sessionId: "ses_1",
  providerRef: "301",
  credentials: { kind: "cloud_api", accessToken: "EAAtoken" },
};
const request: SendRequest = {
  messageId: "m1",
  claim: 1,
  recipient: { kind: "phone", value: "+15550001111" },
  content: { kind: "text", text: { body: "Hällo 👋", preview_url: false } },
  replyTo: null,
};

function open(options: Partial<SenderOptions> = {}): Sender {
  const sender = createSender("cloud_api", { baseUrl, ...options });
  cleanUp.push(() => sender.close());
  return sender;
}

const soon = (ms = 5_000) => AbortSignal.timeout(ms);
/** What must be true of whatever never left: it costs nothing and comes back. */
const unreachable = {
  kind: "rejected",
  code: "provider_unreachable",
  providerCode: null,
  retry: { kind: "after", countsAsAttempt: false },
  effect: "pause",
};

test("a send is one POST below the base path, and its answer the outcome", async () => {
  expect(await open({ userAgent: "wamesh/1" }).send(session, request, soon())).toEqual({
    kind: "accepted",
    providerId: "wamid.X",
    held: false,
  });
  expect(received).toHaveLength(1);
  expect(received[0]).toMatchObject({
    url: "/v25.0/301/messages",
    headers: {
      authorization: "Bearer EAAtoken",
      "user-agent": "wamesh/1",
      "content-type": "application/json",
    },
  });
  expect(JSON.parse(received[0]!.body).text.body).toBe("Hällo 👋");
});

test("connections are kept for the next message", async () => {
  const ports = new Set<number | undefined>();
  answer = (req, response) => {
    ports.add(req.socket.remotePort);
    response.end(JSON.stringify({ messages: [{ id: "wamid.X" }] }));
  };
  const sender = open();
  for (let i = 0; i < 20; i++) await sender.send(session, request, soon());
  // Two take turns: the one that has just answered is not free again yet.
  expect(ports.size).toBeLessThanOrEqual(2);
});

describe("unsure once the request has left, and it is never sent again by itself", () => {
  test.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
    ["a connection reset before the answer", (req) => req.socket.resetAndDestroy()],
    ["a connection closed before the answer", (req) => req.socket.destroy()],
    [
      "a connection broken in the middle of the answer",
      (req, response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write('{"messages":[', () => req.socket.destroy());
      },
    ],
    ["a gateway's page", (_req, response) => response.writeHead(502).end("<html></html>")],
    ["a broken body", (_req, response) => response.end('{"messages":[{"id":"wamid.HBg')],
    [
      "an answer that is far too long, whatever it says",
      (_req, response) =>
        response.end(JSON.stringify({ messages: [{ id: "wamid.X" }], more: "x".repeat(300_000) })),
    ],
    ["an answer that is not HTTP", (req) => req.socket.end("nonsense\r\n\r\n")],
  ])("%s", async (_name, behave) => {
    answer = behave;
    expect(await open().send(session, request, soon())).toMatchObject({ kind: "unsure" });
    expect(received).toHaveLength(1);
  });

  test("a deadline before the answer", async () => {
    const controller = new AbortController();
    answer = () => controller.abort();
    expect(await open().send(session, request, controller.signal)).toMatchObject({
      kind: "unsure",
      why: expect.stringContaining("deadline"),
    });
  });

  test("a deadline in the middle of the answer", async () => {
    const controller = new AbortController();
    answer = (_req, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("{", () => controller.abort());
    };
    expect(await open().send(session, request, controller.signal)).toMatchObject({ kind: "unsure" });
  });
});

describe("rejected, and no attempt lost, while nothing has left", () => {
  test("a refused connection", async () => {
    const taken = createTcpServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as AddressInfo;
    await new Promise((resolve) => taken.close(resolve));
    const outcome = await open({ baseUrl: `http://127.0.0.1:${port}` }).send(session, request, soon());
    expect(outcome).toMatchObject(unreachable);
    expect(outcome).toMatchObject({ detail: expect.stringContaining("ECONNREFUSED") });
  });

  test("a host that does not exist", async () => {
    const outcome = await open({ baseUrl: "http://nowhere.invalid" }).send(session, request, soon());
    expect(outcome).toMatchObject(unreachable);
  });

  test("TLS that can't be agreed on", async () => {
    const outcome = await open({ baseUrl: baseUrl.replace("http:", "https:") }).send(
      session,
      request,
      soon(),
    );
    expect(outcome).toMatchObject(unreachable);
    expect(received).toHaveLength(0);
  });

  test("a deadline that had passed", async () => {
    expect(await open().send(session, request, AbortSignal.abort())).toMatchObject(unreachable);
    expect(received).toHaveLength(0);
  });

  test("a deadline while it waits for a connection: it does not leave later", async () => {
    const held: ServerResponse[] = [];
    const arrived = Promise.withResolvers<void>();
    answer = (_req, response) => {
      held.push(response);
      arrived.resolve();
    };
    const sender = open({ maxSockets: 1 });
    const first = sender.send(session, request, soon());
    await arrived.promise;
    const controller = new AbortController();
    const second = sender.send(session, { ...request, messageId: "m2" }, controller.signal);
    controller.abort();
    expect(await second).toMatchObject(unreachable);

    answer = (_req, response) => response.end(JSON.stringify({ messages: [{ id: "wamid.Y" }] }));
    held[0]!.end(JSON.stringify({ messages: [{ id: "wamid.X" }] }));
    expect(await first).toMatchObject({ kind: "accepted" });
    // The queue is worked off in order: when the third has been answered, the second would have been too.
    expect(await sender.send(session, { ...request, messageId: "m3" }, soon())).toMatchObject({
      providerId: "wamid.Y",
    });
    expect(received.map(({ body }) => JSON.parse(body).biz_opaque_callback_data)).toEqual(["m1.1", "m3.1"]);
  });

  test("a closed sender", async () => {
    const sender = createSender("cloud_api", { baseUrl });
    await sender.close();
    expect(await sender.send(session, request, soon())).toMatchObject(unreachable);
  });
});

test("an unreachable address that swallows connections ends at the deadline, as not sent", async () => {
  const sockets: Socket[] = [];
  // TLS never gets an answer here, so the request never starts.
  const silent = createTcpServer((socket) => void sockets.push(socket));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  cleanUp.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => silent.close(resolve));
  });
  const { port } = silent.address() as AddressInfo;
  const sender = createSender("cloud_api", { baseUrl: `https://127.0.0.1:${port}` });
  expect(await sender.send(session, request, soon(50))).toMatchObject(unreachable);
});

test("what can't be carried costs no request", async () => {
  const sender = createSender("wasender", { baseUrl });
  cleanUp.push(() => sender.close());
  expect(await sender.send(session, request, soon())).toMatchObject({ code: "credentials_invalid" });
  expect(received).toHaveLength(0);
});

test("a base URL that is none is a mistake at start", () => {
  expect(() => createSender("cloud_api", { baseUrl: "graph" })).toThrow();
});
