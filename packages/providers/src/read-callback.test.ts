import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCallback, splitCallback } from "./read-callback.ts";
import type { ProviderName } from "./send.ts";

const provider = fc.constantFrom<ProviderName>("cloud_api", "wasender");

const status = (n: number) => ({
  id: `wamid.${n}`,
  status: "sent",
  timestamp: "1788000013",
  biz_opaque_callback_data: `m${n}.1`,
});
const cloud = (statuses: unknown[]) => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: "201",
      changes: [{ field: "messages", value: { metadata: { phone_number_id: "301" }, statuses } }],
    },
  ],
});
const update = (n: number) => ({
  update: { status: 3 },
  key: { id: `3EB0${n}`, remoteJid: "15550001111@s.whatsapp.net" },
});
const wasender = (data: unknown[]) => ({
  event: "messages.update",
  sessionId: "k".repeat(64),
  timestamp: 1,
  data,
});

const samples: Record<ProviderName, Buffer> = {
  cloud_api: Buffer.from(JSON.stringify(cloud([status(1), status(2)]))),
  wasender: Buffer.from(JSON.stringify(wasender([update(1), update(2)]))),
};

/** Every item can be produced as it is: strings where strings are promised. */
function check(name: ProviderName, raw: Buffer) {
  const items = splitCallback(name, raw, { scope: "s", receivedAtMs: 1 });
  for (const item of items) {
    expect(item.dedupeKey).toMatch(/^[0-9a-f]{64}$/);
    expect(() => JSON.parse(item.body)).not.toThrow();
    const parsed = parseCallback(name, item.body);
    expect(parsed.length).toBeGreaterThan(0);
    for (const one of parsed) expect(one.kind).toBeTypeOf("string");
  }
  return items;
}

describe("whatever comes, nothing is thrown", () => {
  test("any bytes; and what isn't JSON of an object is one unreadable item", () => {
    fc.assert(
      fc.property(provider, fc.uint8Array({ maxLength: 400 }), (name, bytes) => {
        expect(check(name, Buffer.from(bytes))).toMatchObject([{ kind: "unreadable" }]);
      }),
    );
  });

  test("any JSON, alone and in every place of an envelope", () => {
    const places = (value: unknown): Record<ProviderName, unknown[]> => ({
      cloud_api: [
        value,
        { entry: value },
        { entry: [value] },
        { entry: [{ id: value, time: value, changes: value }] },
        { entry: [{ changes: [value] }] },
        { entry: [{ changes: [{ field: value, value }] }] },
        cloud([value]),
        cloud([{ id: value, status: value, errors: value, pricing: value, timestamp: value }]),
        cloud([{ ...status(1), status: "failed", errors: [value] }]),
        {
          entry: [
            {
              changes: [
                { value: { metadata: value, contacts: [value], messages: [value], errors: [value] } },
              ],
            },
          ],
        },
        {
          entry: [
            {
              changes: [
                {
                  value: {
                    messages: [{ id: "i", from: "15550001111", type: value, context: value, text: value }],
                  },
                },
              ],
            },
          ],
        },
      ],
      wasender: [
        value,
        { event: value, data: value },
        ...[
          "messages.update",
          "messages.upsert",
          "messages.received",
          "message.sent",
          "message-receipt.update",
          "session.status",
        ].flatMap((event) => [
          { event, timestamp: value, sessionId: value, data: value },
          { event, data: [value] },
          { event, data: { messages: value, message: value, key: value } },
          {
            event,
            data: { key: { id: "i", remoteJid: value, participant: value }, message: value, update: value },
          },
          {
            event,
            data: { key: { id: "i" }, message: { extendedTextMessage: value, ephemeralMessage: value } },
          },
        ]),
      ],
    });
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const [name, bodies] of Object.entries(places(value)) as [ProviderName, unknown[]][])
          for (const body of bodies) check(name, Buffer.from(JSON.stringify(body)));
      }),
    );
  });

  test("valid callbacks with a few bytes changed", () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(provider, changes, (name, edits) => {
        const raw = Buffer.from(samples[name]);
        for (const [at, byte] of edits) raw[at % raw.length] = byte;
        expect(check(name, raw).length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  test("nesting without end costs its own item only", () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    const raw = JSON.stringify(cloud([status(1), "@", status(2)])).replace('"@"', `{"id":"d","x":${deep}}`);
    expect(check("cloud_api", Buffer.from(raw)).map((item) => item.kind)).toEqual([
      "status",
      "unreadable",
      "status",
    ]);
    const event = JSON.stringify({ event: "x", sessionId: "k", data: "@" }).replace('"@"', deep);
    const [item] = check("wasender", Buffer.from(event));
    expect(item?.body).toContain("nested too deeply");
  });

  test("parsing takes any text", () => {
    fc.assert(
      fc.property(provider, fc.oneof(fc.string(), fc.json()), (name, text) => {
        expect(parseCallback(name, text).length).toBeGreaterThan(0);
      }),
    );
  });
});

test("a batch loses nobody: between any junk every good item comes out, once and in order", () => {
  const place = fc.oneof(
    fc.constant("good" as const),
    fc.jsonValue().map((junk) => ({ junk })),
  );
  const good = (plan: unknown[]) => plan.flatMap((piece, n) => (piece === "good" ? [n] : []));
  const fill = (plan: unknown[], make: (n: number) => unknown) =>
    plan.map((piece, n) => (piece === "good" ? make(n) : piece));
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 30 }), (plan) => {
      const items = check("cloud_api", Buffer.from(JSON.stringify(cloud(fill(plan, status)))));
      expect(items).toHaveLength(plan.length);
      const echoes = items
        .flatMap((item) => parseCallback("cloud_api", item.body))
        .flatMap((parsed) => (parsed.kind === "receipt" ? [parsed.echo?.messageId] : []));
      expect(echoes).toEqual(good(plan).map((n) => `m${n}`));

      const events = check("wasender", Buffer.from(JSON.stringify(wasender(fill(plan, update)))));
      expect(events).toHaveLength(plan.length);
      const keys = events
        .flatMap((item) => parseCallback("wasender", item.body))
        .flatMap((parsed) => (parsed.kind === "receipt" ? [parsed.providerKey] : []));
      expect(keys).toEqual(good(plan).map((n) => `3EB0${n}`));
    }),
  );
});

test("the largest batch is cut in well under a second", () => {
  const contacts = Array.from({ length: 1000 }, (_, i) => ({
    wa_id: String(15550000000 + i),
    profile: { name: `N${i}` },
  }));
  const messages = contacts.map(({ wa_id }, i) => ({
    id: `wamid.${i}`,
    from: wa_id,
    type: "text",
    text: { body: "x".repeat(2000) },
  }));
  const value = { metadata: { phone_number_id: "301" }, contacts, messages };
  const raw = Buffer.from(
    JSON.stringify({ entry: [{ id: "201", changes: [{ field: "messages", value }] }] }),
  );
  const startedAt = performance.now();
  const items = splitCallback("cloud_api", raw);
  expect(items).toHaveLength(1000);
  expect(items.reduce((sum, item) => sum + item.body.length, 0)).toBeLessThan(2 * raw.length);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});
