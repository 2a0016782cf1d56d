/**
 * Records of Kafka's batch format (magic 2) to and from bytes. kafkajs 2.2.4 writes a record through a dozen cleared buffers of
 * 512 bytes and reads its headers by copying an object per header: together a fifth of a busy process. `record-patch.ts` puts
 * these in their place.
 */
type Value = string | Buffer | null | undefined;
type HeaderValue = string | Buffer;

export type RecordToWrite = {
  offsetDelta?: number;
  timestampDelta?: number;
  key?: Value;
  value?: Value;
  headers?: Record<string, HeaderValue | HeaderValue[] | undefined>;
};

/** kafkajs asks for `buf` to recognise an encoder, and copies `buffer`. */
export function encodeRecord(record: RecordToWrite): { buf: Buffer; buffer: Buffer } {
  const { offsetDelta = 0, timestampDelta = 0, key, value, headers = {} } = record;
  const names: string[] = [];
  const values: HeaderValue[] = [];
  for (const name of Object.keys(headers)) {
    const given = headers[name]!;
    for (const one of Array.isArray(given) ? given : [given]) {
      names.push(name);
      values.push(one);
    }
  }
  let size = 1 + sizeOfVarint(timestampDelta) + sizeOfVarint(offsetDelta) + sizeOf(key) + sizeOf(value);
  size += sizeOfVarint(names.length);
  for (let i = 0; i < names.length; i++) size += sizeOf(names[i]) + sizeOf(values[i]);

  const buffer = Buffer.allocUnsafe(sizeOfVarint(size) + size);
  let at = writeVarint(buffer, 0, size);
  // Attributes: none are in use.
  buffer[at++] = 0;
  at = writeVarint(buffer, at, timestampDelta);
  at = writeVarint(buffer, at, offsetDelta);
  at = writeBytes(buffer, at, key);
  at = writeBytes(buffer, at, value);
  at = writeVarint(buffer, at, names.length);
  for (let i = 0; i < names.length; i++) at = writeBytes(buffer, writeBytes(buffer, at, names[i]), values[i]);
  return { buf: buffer, buffer };
}

export type BatchContext = {
  firstOffset: string;
  firstTimestamp: string;
  maxTimestamp: string;
  magicByte: number;
  isControlBatch?: boolean;
  /** 1: the broker's time, of the whole batch. */
  timestampType: number;
};

/** Key and value are parts of the answer's buffer; headers are read when they are asked for. */
export function decodeRecord({ buffer }: { buffer: Buffer }, context: BatchContext): ReadRecord {
  return new ReadRecord(new Cursor(buffer), context);
}

type HeaderText = string | null;

export class ReadRecord {
  readonly magicByte: number;
  readonly attributes: number;
  readonly timestamp: string;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly isControlRecord: boolean;
  readonly batchContext: BatchContext;
  readonly #buffer: Buffer;
  readonly #headersAt: number;

  constructor(cursor: Cursor, context: BatchContext) {
    const { firstOffset, firstTimestamp, maxTimestamp, magicByte, isControlBatch = false } = context;
    this.magicByte = magicByte;
    this.attributes = cursor.byte();
    const timestampDelta = cursor.varint();
    this.timestamp =
      context.timestampType === 1 ? maxTimestamp : String(Number(firstTimestamp) + timestampDelta);
    this.offset = String(Number(firstOffset) + cursor.varint());
    this.key = cursor.bytes();
    this.value = cursor.bytes();
    this.isControlRecord = isControlBatch;
    this.batchContext = context;
    this.#buffer = cursor.buffer;
    this.#headersAt = cursor.at;
  }

  /** As text, a repeated one as a list. */
  get headers(): Record<string, HeaderText | HeaderText[]> {
    const headers: Record<string, HeaderText | HeaderText[]> = {};
    const cursor = new Cursor(this.#buffer, this.#headersAt);
    for (let left = cursor.varint(); left > 0; left--) {
      const name = cursor.text() ?? "";
      const one = cursor.text();
      const known = Object.hasOwn(headers, name) ? headers[name] : undefined;
      if (known === undefined) headers[name] = one;
      else headers[name] = Array.isArray(known) ? [...known, one] : [known, one];
    }
    return headers;
  }

  /** The first of this name (ASCII), without reading the others; undefined: none, or one without a value. */
  header(name: string): string | undefined {
    const cursor = new Cursor(this.#buffer, this.#headersAt);
    for (let left = cursor.varint(); left > 0; left--) {
      if (cursor.passes(name)) return cursor.text() ?? undefined;
      cursor.skip();
    }
    return undefined;
  }
}

class Cursor {
  readonly buffer: Buffer;
  at: number;

  constructor(buffer: Buffer, at = 0) {
    this.buffer = buffer;
    this.at = at;
  }

  byte(): number {
    const byte = this.buffer[this.at++];
    if (byte === undefined) throw new RangeError("a record is shorter than it says");
    return byte;
  }

  varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      factor *= 128;
    }
  }

  bytes(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    this.at += length;
    return this.buffer.subarray(this.at - length, this.at);
  }

  text(): string | null {
    const length = this.varint();
    if (length < 0) return null;
    this.at += length;
    return this.buffer.toString("utf8", this.at - length, this.at);
  }

  skip(): void {
    const length = Math.max(0, this.varint());
    this.at += length;
  }

  /** Goes past a text and says whether it is this one. */
  passes(expected: string): boolean {
    const length = Math.max(0, this.varint());
    const from = this.at;
    this.at += length;
    if (length !== expected.length) return false;
    for (let i = 0; i < length; i++) if (this.buffer[from + i] !== expected.charCodeAt(i)) return false;
    return true;
  }
}

/** Zigzag: small numbers of either sign are short. */
function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function sizeOfVarint(value: number): number {
  let size = 1;
  for (let rest = zigzag(value); rest >= 128; rest = Math.floor(rest / 128)) size++;
  return size;
}

function writeVarint(buffer: Buffer, from: number, value: number): number {
  let at = from;
  let rest = zigzag(value);
  for (; rest >= 128; rest = Math.floor(rest / 128)) buffer[at++] = (rest % 128) | 0x80;
  buffer[at++] = rest;
  return at;
}

function sizeOf(value: Value): number {
  if (value === null || value === undefined) return sizeOfVarint(-1);
  const length = Buffer.byteLength(value);
  return sizeOfVarint(length) + length;
}

function writeBytes(buffer: Buffer, from: number, value: Value): number {
  if (value === null || value === undefined) return writeVarint(buffer, from, -1);
  const length = Buffer.byteLength(value);
  const at = writeVarint(buffer, from, length);
  if (typeof value !== "string") value.copy(buffer, at);
  // A text of as many bytes as characters is ASCII, which latin1 writes fastest.
  else buffer.write(value, at, length, length === value.length ? "latin1" : "utf8");
  return at + length;
}
