import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { deployTopics, domainEvent, messageStatus, sessionState, stack } from "@wamesh/testing";
import avro from "avsc";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Codec, createCodec, encodeWire, openRegistry, schemaText, topics } from "./index.ts";

let codec: Codec;

beforeAll(async () => {
  await deployTopics();
  codec = await createCodec({ registryUrl: stack().registryUrl });
});

type Field = { name: string; type: unknown; default?: unknown };
type Schema = { name: string; fields: Field[]; symbols?: string[] };

/** The schema of a record as a later release might have it, under a subject of its own, and what that release writes. */
async function laterRelease(record: "message-status" | "session-state", change: (schema: Schema) => void) {
  const schema = JSON.parse(schemaText(record)) as Schema;
  change(schema);
  const answer = await fetch(`${stack().registryUrl}/subjects/later-${Date.now()}-value/versions`, {
    method: "POST",
    headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
    body: JSON.stringify({ schemaType: "AVRO", schema: JSON.stringify(schema) }),
  });
  const { id } = (await answer.json()) as { id: number };
  const type = avro.Type.forSchema(schema as unknown as avro.Schema, { wrapUnions: false });
  return (value: unknown): Buffer => {
    const body = type.toBuffer(value);
    const head = Buffer.alloc(5);
    head.writeInt32BE(id, 1);
    return Buffer.concat([head, body]);
  };
}

test("what is written is read again, and a schema known once is decoded without waiting", async () => {
  const record = messageStatus({ provider_id: "wamid.x" });
  const bytes = codec.encode(topics.messageStatus, record);
  expect(await codec.decode(topics.messageStatus, bytes)).toEqual({ ok: true, record });
  expect(codec.decode(topics.messageStatus, bytes)).toEqual({ ok: true, record });
});

test("an old reader passes over a field that a later writer added", async () => {
  const write = await laterRelease("message-status", ({ fields }) => {
    fields.splice(3, 0, { name: "new_field", type: "string", default: "" });
  });
  const record = messageStatus();
  const decoded = await codec.decode(topics.messageStatus, write({ ...record, new_field: "later" }));
  expect(decoded).toEqual({ ok: true, record });
});

test("a symbol that a later writer added reads as UNKNOWN", async () => {
  const write = await laterRelease("session-state", ({ fields }) => {
    const status = fields.find(({ name }) => name === "status")!.type as Schema;
    status.symbols!.push("hibernating");
  });
  const decoded = await codec.decode(
    topics.sessionState,
    write({ ...sessionState(), status: "hibernating" }),
  );
  expect(decoded).toEqual({ ok: true, record: sessionState({ status: "UNKNOWN" }) });
});

test("a writer of something else is undecodable, not an exception", async () => {
  const bytes = codec.encode(topics.domainEvent, domainEvent());
  expect(await codec.decode(topics.messageStatus, bytes)).toMatchObject({ ok: false, code: "undecodable" });
});

test.each([
  ["nothing", null],
  ["too short", Buffer.from([0, 0, 0])],
  ["no magic byte", Buffer.from('{"json": true}')],
])("%s is undecodable", async (_, bytes) => {
  expect(await codec.decode(topics.messageStatus, bytes)).toMatchObject({ ok: false, code: "undecodable" });
});

test("bytes that end early or go on too long are undecodable", async () => {
  const bytes = codec.encode(topics.messageStatus, messageStatus());
  for (const wrong of [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.from([1])])])
    expect(await codec.decode(topics.messageStatus, wrong)).toMatchObject({ ok: false, code: "undecodable" });
});

test("our own record that does not fit its schema is an error at once", () => {
  expect(() =>
    codec.encode(topics.messageStatus, { ...messageStatus(), claim: "one" as unknown as number }),
  ).toThrow();
});

describe("an id that can't be looked up", () => {
  let proxy: Server;
  let answer: number | "none" | "gateway" = 404;
  let url: string;
  beforeAll(async () => {
    proxy = createServer((request, response) => {
      if (answer === "none") request.socket.destroy();
      else if (answer === "gateway") response.writeHead(404).end("<h1>Not found</h1>");
      else {
        response.writeHead(answer, { "content-type": "application/json" });
        response.end(JSON.stringify({ error_code: 40403, message: "no" }));
      }
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });
  afterAll(() => proxy.close());

  const bytes = encodeWire("message-status", 1_999_999_999, messageStatus());

  test("is poison when the registry says that it does not exist", async () => {
    expect(await codec.decode(topics.messageStatus, bytes)).toMatchObject({
      ok: false,
      code: "unknown_schema",
    });
  });

  test.each(["none", "gateway", 500, 503] as const)(
    "throws when the registry answers %s, and is asked for again",
    async (how) => {
      const away = await createCodec({ registryUrl: url, topics: [] });
      answer = how;
      await expect(Promise.resolve(away.decode(topics.messageStatus, bytes))).rejects.toThrow();
      answer = 404;
      expect(await away.decode(topics.messageStatus, bytes)).toMatchObject({ code: "unknown_schema" });
    },
  );

  test("stops a service at its start, with the remedy", async () => {
    answer = 404;
    await expect(createCodec({ registryUrl: url, topics: [topics.dead] })).rejects.toThrow("npm run deploy");
  });

  test("a registry client gives up within seconds", async () => {
    answer = "none";
    const started = performance.now();
    await expect(openRegistry({ registryUrl: url }).getSchema(1)).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
