import { createSocket, type Socket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { parseAllowList } from "@wamesh/egress";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createCaller } from "./deliveries/call.ts";
import { signingKey } from "./deliveries/sign.ts";

// A name server that says another address each time it is asked, and a server at each of the addresses.

const good = "127.0.0.1";
const inner = "127.0.0.2";

let dns: Socket;
let servers: Server[];
let port: number;
let answers: string[];
let asked: number;
let reached: string[];
let caller: ReturnType<typeof createCaller>;

beforeEach(async () => {
  asked = 0;
  reached = [];
  dns = createSocket("udp4");
  dns.on("message", (query, from) =>
    dns.send(answerTo(query, answers[asked++] ?? inner), from.port, from.address),
  );
  await new Promise<void>((resolve) => dns.bind(0, "127.0.0.1", resolve));
  const first = await serve(good, 0);
  port = (first.address() as AddressInfo).port;
  servers = [first];
  // All of 127/8 is this machine on Linux only; elsewhere the verdict alone is seen.
  if (process.platform === "linux") servers.push(await serve(inner, port));
  const resolver = new Resolver();
  resolver.setServers([`127.0.0.1:${dns.address().port}`]);
  caller = createCaller({
    // The good one stands for a public address.
    allow: parseAllowList(`${good}/32:*`),
    resolve: (name) => resolver.resolve4(name),
    now: Date.now,
    deadlineMs: 2000,
  });
});
afterEach(async () => {
  await caller.close();
  dns.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

function serve(address: string, at: number): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    reached.push(address);
    // The next call needs a connection, and so a look-up, of its own.
    response.writeHead(204, { connection: "close" }).end();
  });
  return new Promise((resolve) => server.listen(at, address, () => resolve(server)));
}

/** One A record with a lifetime of nothing, for whatever was asked (RFC 1035, 4.1). */
function answerTo(query: Buffer, address: string): Buffer {
  const questionEnd = query.indexOf(0, 12) + 5;
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8180, 2);
  for (const [at, count] of [1, 1, 0, 0].entries()) header.writeUInt16BE(count, 4 + 2 * at);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split(".").map(Number)]);
  return Buffer.concat([header, query.subarray(12, questionEnd), record]);
}

const call = () =>
  caller.call(
    { url: `http://rebinding.test:${port}/`, keys: [signingKey("whsec_c2VjcmV0")] },
    { id: "msg_1", body: "{}" },
    new AbortController().signal,
  );

it("a name is looked up once for a connection, which goes to the address that was judged", async () => {
  answers = [good, inner, good];
  expect(await call()).toMatchObject({ kind: "answered", status: 204 });
  expect([asked, reached]).toEqual([1, [good]]);
  // Now it leads inward: the second look-up is judged as the first was.
  expect(await call()).toMatchObject({
    kind: "none",
    why: expect.stringMatching(/^address_refused: .*not public/),
  });
  expect([asked, reached]).toEqual([2, [good]]);
  expect(await call()).toMatchObject({ kind: "answered" });
  expect(reached).toEqual([good, good]);
});
