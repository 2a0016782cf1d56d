import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { parseAllowList } from "@wamesh/egress";
import { afterEach, expect, it } from "vitest";
import { createFileFetcher } from "./fetch-file.ts";

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function fetched(listener: RequestListener, { path = "/a.jpg", withinMs = 5_000 } = {}) {
  const one = createServer(listener);
  server = one;
  await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
  const { port } = one.address() as AddressInfo;
  const files = createFileFetcher({ allow: parseAllowList("127.0.0.1/32:*"), mostBytes: 1_000 });
  const url = `http://127.0.0.1:${port}${path}`;
  const file = await files.fetchFile(url, "image", AbortSignal.timeout(withinMs));
  await files.close();
  return file;
}

const jpeg = { "content-type": "image/jpeg" };

it("the file comes with its type and all its bytes", async () => {
  const file = await fetched((_request, response) => {
    response.writeHead(200, { "content-type": "image/jpeg; x=y" });
    response.write("abc");
    response.end("def");
  });
  expect(file).toMatchObject({ kind: "file", file: { mimeType: "image/jpeg" } });
  expect(file.kind === "file" && Buffer.concat(file.file.chunks).toString()).toBe("abcdef");
});

it("bytes without end are cut off at the limit", async () => {
  const file = await fetched((_request, response) => {
    response.writeHead(200, jpeg);
    const drip = () => {
      if (response.destroyed) return;
      response.write("x".repeat(100), () => setImmediate(drip));
    };
    drip();
  });
  expect(file).toEqual({ kind: "unusable", why: "The file is larger than 1000 bytes." });
});

it.each<[string, RequestListener]>([
  ["never answers", () => {}],
  [
    "stops in the middle",
    (_request, response) => {
      response.writeHead(200, jpeg);
      response.write("abc");
    },
  ],
])("a server that %s is left at the deadline, and tried again", async (_what, listener) => {
  expect(await fetched(listener, { withinMs: 100 })).toEqual({
    kind: "later",
    why: "The file's server took too long.",
  });
});

it("a connection that breaks is tried again", async () => {
  const file = await fetched((_request, response) => {
    response.writeHead(200, { ...jpeg, "content-length": "9" });
    response.write("abc", () => response.destroy());
  });
  expect(file).toMatchObject({ kind: "later", why: expect.stringContaining("could not be reached") });
});

it("a redirect is not followed", async () => {
  const paths: (string | undefined)[] = [];
  const file = await fetched((request, response) => {
    paths.push(request.url);
    response.writeHead(302, { location: "/b.jpg" }).end();
  });
  expect([file.kind, paths]).toEqual(["unusable", ["/a.jpg"]]);
});

it("an address with a user name is not asked at all", async () => {
  const files = createFileFetcher({ allow: [], mostBytes: 1_000 });
  const file = await files.fetchFile("https://user:secret@a.test/", "image", AbortSignal.timeout(5_000));
  await files.close();
  expect(file).toEqual({
    kind: "unusable",
    why: "The file's address must not carry a user name or password.",
  });
});
