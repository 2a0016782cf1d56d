/**
 * Avro in Confluent wire format (byte 0, schema id as 4 bytes big-endian, Avro body). Schemas are registered by a deploy
 * step; here they are only looked up. Reading always resolves the writer's schema to our own, with one resolver cached per
 * writer id: making it anew for each record costs a factor of 200.
 */
import { SchemaRegistry, SchemaType } from "@kafkajs/confluent-schema-registry";
import avro from "avsc";
import { allTopics, type RecordName, schemaText, type Topic } from "./catalogue.ts";

export type Decoded<Record_> =
  | { ok: true; record: Record_ }
  | { ok: false; code: "undecodable" | "unknown_schema"; detail: string };

/** Encodes and decodes the catalogue's records. `encode` is synchronous; `decode` is too once a writer's schema was seen. */
export type Codec = {
  encode<Record_>(topic: Topic<Record_>, record: Record_): Buffer;
  /** Throws when the registry does not answer (the caller stops and comes back); bad bytes are a value. */
  decode<Record_>(
    topic: Topic<Record_>,
    bytes: Uint8Array | null,
  ): Decoded<Record_> | Promise<Decoded<Record_>>;
};

const magicByte = 0;
const headBytes = 5;

/** One Avro type per record; shared by all codecs of the process. */
const types = new Map<RecordName, avro.Type>();

/** The record's own (reader's) type. Longs are read as numbers: all of ours stay below 2^53. */
export function recordType(record: RecordName): avro.Type {
  let type = types.get(record);
  if (type === undefined) {
    type = avro.Type.forSchema(JSON.parse(schemaText(record)), { wrapUnions: false });
    types.set(record, type);
  }
  return type;
}

/** Wire bytes of one record under a known schema id. Throws when the record does not fit its schema: that is our own bug. */
export function encodeWire(record: RecordName, schemaId: number, value: unknown): Buffer {
  const body = recordType(record).toBuffer(value);
  const bytes = Buffer.allocUnsafe(headBytes + body.length);
  bytes.writeUInt8(magicByte, 0);
  bytes.writeInt32BE(schemaId, 1);
  body.copy(bytes, headBytes);
  return bytes;
}

/**
 * Looks up the ids of all given topics' schemas. Throws with the remedy when one is not registered, or the registry is away.
 */
export async function createCodec(options: {
  registryUrl: string;
  topics?: readonly Topic<unknown>[];
}): Promise<Codec> {
  const registry = openRegistry(options.registryUrl);
  const ids = new Map<string, number>();
  await Promise.all(
    (options.topics ?? allTopics).map(async (topic) => {
      try {
        const schema = { type: SchemaType.AVRO as const, schema: schemaText(topic.record) };
        ids.set(topic.name, await registry.getRegistryIdBySchema(topic.subject, schema));
      } catch (error) {
        throw new Error(
          `the schema of ${topic.subject} could not be looked up at ${options.registryUrl} (run \`npm run deploy\`): ${String(error)}`,
        );
      }
    }),
  );

  /** By record and writer id; undecodable: what this writer writes is no such record. */
  type Reading =
    | { kind: "same" }
    | { kind: "resolve"; resolver: avro.Resolver }
    | { kind: "never"; why: string };
  const readings = new Map<string, Reading>();

  /** Throws only what the registry is to blame for. */
  async function readingOf(record: RecordName, writerId: number, cacheKey: string): Promise<Reading> {
    const schema = (await registry.getSchema(writerId)) as unknown as avro.Type;
    const reading = reconcile(recordType(record), schema);
    readings.set(cacheKey, reading);
    return reading;
  }

  function reconcile(reader: avro.Type, schema: avro.Type): Reading {
    try {
      const writer = avro.Type.forSchema(schema.schema({ exportAttrs: true }) as avro.Schema, {
        wrapUnions: false,
      });
      if (reader.equals(writer)) return { kind: "same" };
      return { kind: "resolve", resolver: reader.createResolver(writer) };
    } catch (error) {
      return { kind: "never", why: String(error) };
    }
  }

  function read<Record_>(record: RecordName, reading: Reading, bytes: Uint8Array): Decoded<Record_> {
    if (reading.kind === "never") return { ok: false, code: "undecodable", detail: reading.why };
    try {
      const body = Buffer.from(bytes.buffer, bytes.byteOffset + headBytes, bytes.byteLength - headBytes);
      const type = recordType(record);
      const value = reading.kind === "same" ? type.fromBuffer(body) : type.fromBuffer(body, reading.resolver);
      return { ok: true, record: value as Record_ };
    } catch (error) {
      return { ok: false, code: "undecodable", detail: String(error) };
    }
  }

  return {
    encode(topic, record) {
      const id = ids.get(topic.name);
      if (id === undefined) throw new Error(`this codec was not opened for ${topic.name}`);
      return encodeWire(topic.record, id, record);
    },
    decode<Record_>(topic: Topic<Record_>, bytes: Uint8Array | null) {
      if (bytes === null || bytes.byteLength < headBytes || bytes[0] !== magicByte) {
        return { ok: false as const, code: "undecodable" as const, detail: "not in Confluent wire format" };
      }
      const writerId = new DataView(bytes.buffer, bytes.byteOffset).getInt32(1);
      const cacheKey = `${topic.record}:${writerId}`;
      const known = readings.get(cacheKey);
      if (known !== undefined) return read<Record_>(topic.record, known, bytes);
      return readingOf(topic.record, writerId, cacheKey).then(
        (reading) => read<Record_>(topic.record, reading, bytes),
        (error: unknown) => {
          if (isUnknownId(error))
            return {
              ok: false as const,
              code: "unknown_schema" as const,
              detail: `schema id ${writerId} is not in the registry`,
            };
          if (isUnusable(error))
            return { ok: false as const, code: "undecodable" as const, detail: String(error) };
          throw error;
        },
      );
    },
  };
}

/** A registry client that gives up after about three seconds, so that a caller can say what is wrong. */
export function openRegistry(url: string): SchemaRegistry {
  return new SchemaRegistry({
    host: url,
    retry: { maxRetryTimeInSecs: 1, initialRetryTimeInSecs: 0.1, factor: 0, multiplier: 2, retries: 2 },
  });
}

/** The registry's own 404 has a message; that of a gateway in front of it has none, and says nothing about the id. */
function isUnknownId(error: unknown): boolean {
  return (
    error instanceof Error &&
    "status" in error &&
    error.status === 404 &&
    !error.message.includes("status 404")
  );
}

/** The registry answered, with a schema that its client can't use. */
function isUnusable(error: unknown): boolean {
  return error instanceof Error && error.name.startsWith("ConfluentSchemaRegistry");
}

/** Rejects when the registry does not answer, or with an error of its own. */
export async function askRegistry(url: string, signal: AbortSignal): Promise<void> {
  const { status, body } = await fetch(`${url.replace(/\/+$/, "")}/schemas/types`, { signal });
  await body?.cancel();
  if (status >= 500) throw new Error(`the schema registry answered ${status}`);
}
