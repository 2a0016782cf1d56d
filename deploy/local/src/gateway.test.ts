import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { endToEndHeaders, longestPrefix, startGateway } from "./gateway.ts";
import { freePort } from "./ports.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function service(handler: RequestListener, port = 0): Promise<{ origin: string; server: Server }> {
  const server = createServer(handler).listen(port, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

async function gateway(routes: Record<string, string | (() => string)>): Promise<string> {
  const started = await startGateway({ routes });
  cleanups.push(started.close);
  return started.origin;
}

const says =
  (name: string): RequestListener =>
  (incoming, outgoing) =>
    outgoing.end(`${name} ${incoming.method} ${incoming.url}`);

test("the longest prefix wins, and only whole path segments count", async () => {
  const origin = await gateway({
    "/v1": (await service(says("other"))).origin,
    "/v1/messages": (await service(says("ingest"))).origin,
  });
  const get = async (path: string) => (await fetch(origin + path)).text();
  expect(await get("/v1/messages/7?wait=5")).toBe("ingest GET /v1/messages/7?wait=5");
  expect(await get("/v1/messages")).toBe("ingest GET /v1/messages");
  expect(await get("/v1/messagesx")).toBe("other GET /v1/messagesx");
});

test("a prefix is chosen exactly when the path is the prefix or continues it after a slash", () => {
  const segment = fc.stringMatching(/^[a-z]{1,3}$/);
  fc.assert(
    fc.property(
      fc.array(segment, { minLength: 1, maxLength: 3 }),
      fc.array(segment, { maxLength: 3 }),
      (start, rest) => {
        const prefix = `/${start.join("/")}`;
        expect(longestPrefix([prefix], [prefix, ...rest].join("/"))).toBe(prefix);
        expect(longestPrefix([prefix], `${prefix}${rest.join("/")}`)).toBe(
          rest.length === 0 ? prefix : undefined,
        );
      },
    ),
  );
});

test("a path that nobody answers is a problem document", async () => {
  const response = await fetch(`${await gateway({ "/v1": "http://127.0.0.1:1" })}/v2`);
  expect(response.status).toBe(404);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(await response.json()).toMatchObject({ status: 404, code: "not_found" });
});

test("a service that is away is 503 with Retry-After, and answers again once it is back, on whichever port", async () => {
  let target = `http://127.0.0.1:${await freePort()}`;
  const origin = await gateway({ "/v1": () => target });
  const away = await fetch(`${origin}/v1`, { method: "POST", body: "x".repeat(100_000) });
  expect(away.status).toBe(503);
  expect(away.headers.get("retry-after")).toBe("1");
  expect(await away.json()).toMatchObject({ code: "service_unavailable" });
  target = (await service(says("back"))).origin;
  expect(await (await fetch(`${origin}/v1`)).text()).toBe("back GET /v1");
});

test("a service that has not said where it listens is 503, not the gateway's end", async () => {
  const origin = await gateway({
    "/v1": () => {
      throw new Error("no announcement yet");
    },
  });
  expect((await fetch(`${origin}/v1`)).status).toBe(503);
});

test("a service that hangs up before it answers is 502, because the request may have been carried out", async () => {
  const { origin } = await service((incoming) => incoming.socket.destroy());
  const response = await fetch(`${await gateway({ "/v1": origin })}/v1`, { method: "POST", body: "{}" });
  expect(response.status).toBe(502);
  expect(await response.json()).toMatchObject({ code: "bad_gateway" });
});

test("an answer cut short by the service does not look complete", async () => {
  const { origin } = await service((_, outgoing) => {
    outgoing.write("half");
    outgoing.socket?.end();
  });
  const response = await fetch(`${await gateway({ "/v1": origin })}/v1`);
  await expect(response.text()).rejects.toThrow();
});

test("bodies stream in both directions: each half is answered before the next is sent", async () => {
  const { origin } = await service((incoming, outgoing) => {
    incoming.on("data", (chunk) => outgoing.write(`got ${chunk}`));
    incoming.on("end", () => outgoing.end("end"));
  });
  const upload = request(`${await gateway({ "/v1": origin })}/v1`, { method: "POST" });
  upload.write("one");
  const [response] = (await once(upload, "response")) as [IncomingMessage];
  expect(String((await once(response, "data"))[0])).toBe("got one");
  upload.write("two");
  expect(String((await once(response, "data"))[0])).toBe("got two");
  upload.end();
  expect(await text(response)).toBe("end");
});

test("when the client of an event stream leaves, the service is told", async () => {
  const left = Promise.withResolvers<void>();
  const { origin } = await service((_, outgoing) => {
    outgoing.writeHead(200, { "content-type": "text/event-stream" });
    outgoing.write("data: 1\n\n");
    outgoing.on("close", () => left.resolve());
  });
  const abort = new AbortController();
  const response = await fetch(`${await gateway({ "/v1": origin })}/v1`, { signal: abort.signal });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  await response.body?.getReader().read();
  abort.abort();
  await left.promise;
});

test("the service learns who asked, and headers of the client's connection stay behind", async () => {
  const seen = Promise.withResolvers<IncomingMessage>();
  const { origin } = await service((incoming, outgoing) => {
    seen.resolve(incoming);
    outgoing.setHeader("set-cookie", ["a=1", "b=2"]).end();
  });
  const entry = await gateway({ "/v1": origin });
  const asked = request(`${entry}/v1`, {
    headers: {
      connection: "close, x-hop",
      "x-hop": "1",
      "x-forwarded-for": "10.0.0.9",
      authorization: "Bearer k",
    },
  }).end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  response.resume();
  const { headers } = await seen.promise;
  expect(headers).toMatchObject({
    authorization: "Bearer k",
    "x-forwarded-for": "10.0.0.9, 127.0.0.1",
    "x-forwarded-proto": "http",
    "x-forwarded-host": new URL(entry).host,
  });
  expect(headers["x-hop"]).toBeUndefined();
  expect(response.headers["set-cookie"]).toEqual(["a=1", "b=2"]);
});

test("the body of a chunked DELETE arrives as a body, not as a second request", async () => {
  const seen: string[] = [];
  const { origin } = await service(async (incoming, outgoing) => {
    seen.push(`${incoming.method} ${await text(incoming)}`);
    outgoing.end();
  });
  const smuggler = request(`${await gateway({ "/v1": origin })}/v1`, {
    method: "DELETE",
    headers: { "transfer-encoding": "chunked" },
  });
  smuggler.end("GET /v1/secret HTTP/1.1\r\nhost: x\r\n\r\n");
  const [response] = (await once(smuggler, "response")) as [IncomingMessage];
  response.resume();
  await once(response, "end");
  expect(seen).toEqual(["DELETE GET /v1/secret HTTP/1.1\r\nhost: x\r\n\r\n"]);
});

test("headers named by Connection are dropped, in any spelling; duplicates of others stay", () => {
  const raw = ["Connection", "X-A, keep-alive", "x-a", "1", "Keep-Alive", "5", "Accept", "a", "accept", "b"];
  expect(endToEndHeaders(raw)).toEqual([
    ["Accept", "a"],
    ["accept", "b"],
  ]);
});
