/**
 * The outbox holds one value per change, and a change may mean two records (a status and a dead letter): each is framed with
 * its kind, what its headers say, and Avro bytes. Written and read by this service only, within the life of an outbox row
 * (seconds).
 */
import type { EventFacts } from "@wamesh/events";
import type { Followed } from "./look-ups/follow.ts";

export type FramedRecord = {
  topic: "status" | "dead";
  facts: EventFacts & { tenant: string };
  trace: Record<string, string>;
  /** The status itself, where its message is looked up later. */
  followed?: Followed;
  /** Of a dead letter. */
  reason?: { code: string; faultClass: string; origin: string };
  value: Uint8Array;
};

/** Most rows are published by the process that wrote them: it need not read them. The entry goes with the bytes. */
const known = new WeakMap<Uint8Array, readonly FramedRecord[]>();

/** Repeated: u32 length of the JSON head, the head, u32 length of the value, the value. Big-endian. */
export function frame(records: readonly FramedRecord[]): Uint8Array {
  const heads = records.map(({ value: _, ...head }) => Buffer.from(JSON.stringify(head)));
  const size = records.reduce((sum, { value }, i) => sum + 8 + heads[i]!.length + value.length, 0);
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const [i, { value }] of records.entries())
    for (const part of [heads[i]!, value]) {
      at = bytes.writeUInt32BE(part.length, at);
      bytes.set(part, at);
      at += part.length;
    }
  known.set(bytes, records);
  return bytes;
}

export function unframe(bytes: Uint8Array): readonly FramedRecord[] {
  return known.get(bytes) ?? parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

function parse(bytes: Buffer): FramedRecord[] {
  const records: FramedRecord[] = [];
  let at = 0;
  const take = () => {
    const length = bytes.readUInt32BE(at);
    const part = bytes.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return part;
  };
  while (at < bytes.length) {
    const head = JSON.parse(take().toString()) as Omit<FramedRecord, "value">;
    records.push({ ...head, value: take() });
  }
  return records;
}
