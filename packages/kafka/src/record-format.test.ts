import { createRequire } from "node:module";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type BatchContext, decodeRecord, encodeRecord, type RecordToWrite } from "./record-format.ts";

const require = createRequire(import.meta.url);
const theirs = {
  encode: require("kafkajs/src/protocol/recordBatch/record/v0") as (record: RecordToWrite) => {
    buffer: Buffer;
  },
  decode: require("kafkajs/src/protocol/recordBatch/record/v0/decoder") as typeof decodeRecord,
  Decoder: require("kafkajs/src/protocol/decoder") as new (
    buffer: Buffer,
  ) => { buffer: Buffer; readVarIntBytes(): Buffer },
};

const text = fc.string({ unit: "grapheme" });
const bytes = fc.uint8Array().map((array) => Buffer.from(array));
const record = fc.record({
  offsetDelta: fc.nat(),
  timestampDelta: fc.integer({ min: -1_000_000, max: 2 ** 45 }),
  key: fc.option(fc.oneof(text, bytes)),
  value: fc.option(bytes),
  headers: fc.dictionary(
    // What every object inherits kafkajs takes for a header that came before.
    text.filter((name) => !(name in {})),
    fc.oneof(text, fc.array(text, { minLength: 2, maxLength: 3 })),
  ),
});
const context = fc.record({
  firstOffset: fc.nat().map(String),
  firstTimestamp: fc.nat().map(String),
  maxTimestamp: fc.nat().map(String),
  timestampType: fc.constantFrom(0, 1),
  magicByte: fc.constant(2),
  isControlBatch: fc.boolean(),
});

const plain = { firstOffset: "0", firstTimestamp: "0", maxTimestamp: "0", timestampType: 0, magicByte: 2 };

test("the same bytes as kafkajs makes", () => {
  fc.assert(
    fc.property(record, (one) => {
      expect(encodeRecord(one).buffer).toEqual(theirs.encode(one).buffer);
    }),
  );
});

test("read as kafkajs reads it, with its headers as text", () => {
  fc.assert(
    fc.property(record, context, (one, batch: BatchContext) => {
      const body = () => new theirs.Decoder(new theirs.Decoder(encodeRecord(one).buffer).readVarIntBytes());
      const { headers, ...rest } = theirs.decode(body() as never, batch);
      const asText = (value: unknown): unknown => (Array.isArray(value) ? value.map(asText) : String(value));
      const read = decodeRecord(body(), batch);
      expect({ ...read }).toEqual(rest);
      const texts = Object.entries(headers).map(([name, value]) => [name, asText(value)] as const);
      expect(read.headers).toEqual(Object.fromEntries(texts));
    }),
  );
});

test("one header is found without reading the others", () => {
  const name = fc.string({ unit: "grapheme-ascii", maxLength: 3 });
  fc.assert(
    fc.property(record, name, (one, absent) => {
      const body = new theirs.Decoder(encodeRecord(one).buffer).readVarIntBytes();
      const read = decodeRecord({ buffer: body }, plain);
      for (const asked of [absent, ...Object.keys(one.headers).filter((known) => /^[ -~]*$/.test(known))]) {
        const all = Object.hasOwn(one.headers, asked) ? one.headers[asked] : undefined;
        expect(read.header(asked)).toBe(Array.isArray(all) ? all[0] : all);
      }
    }),
  );
});

test("a header may be called like something that every object has", () => {
  const body = new theirs.Decoder(encodeRecord({ headers: { toString: "a" } }).buffer).readVarIntBytes();
  expect(decodeRecord({ buffer: body }, plain).headers).toEqual({ toString: "a" });
});
