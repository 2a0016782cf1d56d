import { describe, expect, test } from "vitest";
import { createApi, uploadRoute } from "./index.ts";

const directory = {
  key: () => ({ tenant: "acme", state: "active", scopes: ["*"], expiresAt: null, secretHashes: [] }),
  tenant: () => ({ state: "active", isOperator: false }),
  mayActFor: () => true,
  freshMs: () => 0,
};

function setUp() {
  const taken: number[] = [];
  const api = createApi({
    service: "test",
    version: "1",
    auth: { directory, verifySecret: () => true },
    log: { info: () => {}, error: () => {} },
  });
  api.add(
    uploadRoute({
      method: "put",
      path: "/v1/files",
      scope: "campaigns:write",
      summary: "Upload",
      maxBodyBytes: 100,
      upload: { mediaType: "text/csv", description: "A file.", example: "to\n+15551234567" },
      success: { status: 204, description: "Taken." },
      handle: async ({ chunks }) => {
        for await (const chunk of chunks()) taken.push(chunk.byteLength);
        return {};
      },
    }),
  );
  const put = (body: string | ReadableStream<Uint8Array>, headers: Record<string, string> = {}) =>
    api.app.request("/v1/files", {
      method: "PUT",
      headers: { authorization: `Bearer wam_acme00000000_${"s".repeat(40)}`, ...headers },
      body,
      ...(body instanceof ReadableStream && { duplex: "half" }),
    });
  return { api, put, taken };
}

/** Parts of ten bytes, made one by one as they are asked for. */
function partsOf(count: number, asked: { parts: number }) {
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (asked.parts++ === count) return controller.close();
        controller.enqueue(new Uint8Array(10));
      },
    },
    { highWaterMark: 0 },
  );
}

describe("an upload", () => {
  test("reaches its handler part by part", async () => {
    const { put, taken } = setUp();
    const answer = await put(partsOf(4, { parts: 0 }), { "content-type": "text/csv; charset=utf-8" });
    expect(answer.status).toBe(204);
    expect(taken).toEqual([10, 10, 10, 10]);
  });

  test("ends where it becomes too large, and the rest is not asked for", async () => {
    const { put } = setUp();
    const asked = { parts: 0 };
    const answer = await put(partsOf(1_000, asked), { "content-type": "text/csv" });
    expect(answer.status).toBe(413);
    expect(asked.parts).toBeLessThan(15);
  });

  test("that says it is too large is not read at all, and another content type neither", async () => {
    const { put, taken } = setUp();
    const tooLong = { "content-type": "text/csv", "content-length": "101" };
    expect((await put("x", tooLong)).status).toBe(413);
    expect((await put("x", { "content-type": "application/json" })).status).toBe(415);
    expect(taken).toEqual([]);
  });

  test("is described with its content type and an example", async () => {
    const { api } = setUp();
    const document = JSON.parse(await (await api.app.request("/openapi.json")).text());
    expect(document.paths["/v1/files"].put.requestBody.content).toEqual({
      "text/csv": { schema: { type: "string", example: "to\n+15551234567" } },
    });
  });
});
