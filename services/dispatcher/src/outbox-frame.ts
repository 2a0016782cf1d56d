/**
 * The outbox holds one value per change, and a change may mean two records (a status and a dead letter): each is framed with
 * its kind, key, headers and Avro bytes. Written and read by this service only, within the life of an outbox row (seconds).
 */
export type FramedRecord = {
  topic: "status" | "dead";
  key: string;
  headers: Record<string, string>;
  value: Uint8Array;
};

/** Repeated: u32 length of the JSON head, the head, u32 length of the value, the value. Big-endian. */
export function frame(records: readonly FramedRecord[]): Uint8Array {
  return Buffer.concat(
    records.flatMap(({ value, ...head }) => {
      const headBytes = Buffer.from(JSON.stringify(head));
      return [u32(headBytes.length), headBytes, u32(value.length), value];
    }),
  );
}

export function unframe(bytes: Uint8Array): FramedRecord[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: FramedRecord[] = [];
  let at = 0;
  const take = () => {
    const length = buffer.readUInt32BE(at);
    const part = buffer.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return part;
  };
  while (at < buffer.length) {
    const head = JSON.parse(take().toString()) as Omit<FramedRecord, "value">;
    records.push({ ...head, value: take() });
  }
  return records;
}

function u32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
