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
const bytes = Buffer.from("ffd8ffe000104a464946", "hex");

it("the file comes with its type and all its bytes", async () => {
  const file = await fetched((_request, response) => {
    response.writeHead(200, { "content-type": "image/jpeg; x=y" });
    response.write(bytes.subarray(0, 2));
    response.end(bytes.subarray(2));
  });
  expect(file).toMatchObject({ kind: "file", file: { mimeType: "image/jpeg" } });
  expect(file.kind === "file" && Buffer.concat(file.file.chunks)).toEqual(bytes);
});

it.each([
  ["a page", "<!doctype html><html>not found</html>", ""],
  ["a short text", "no", ""],
  ["a document", "%PDF-1.7 and more", ", but those of application/pdf"],
])("%s that is called an image is refused by its first bytes", async (_what, body, but) => {
  const file = await fetched((_request, response) => response.writeHead(200, jpeg).end(body));
  const why = `The file can't be used: its first bytes are not those of image/jpeg${but}.`;
  expect(file).toEqual({ kind: "unusable", why });
});

it("a file of another kind is left at its first bytes, however many follow", async () => {
  const file = await fetched((_request, response) => {
    response.writeHead(200, jpeg);
    response.write("<!doctype html>");
  });
  expect(file.kind).toBe("unusable");
});

it("a PNG that is called a JPEG is uploaded as what it is", async () => {
  const png = Buffer.from("89504e470d0a1a0a0000000d", "hex");
  const file = await fetched((_request, response) => response.writeHead(200, jpeg).end(png));
  expect(file).toMatchObject({ kind: "file", file: { mimeType: "image/png" } });
});

it("bytes without end are cut off at the limit", async () => {
  const file = await fetched((_request, response) => {
    response.writeHead(200, jpeg);
    const drip = () => {
      if (response.destroyed) return;
      response.write("x".repeat(100), () => setImmediate(drip));
    };
    response.write(bytes, drip);
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
