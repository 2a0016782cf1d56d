/**
 * What the schedule keeps of a message until it has left: the record and its trace context, as JSON text. Not the Avro bytes of
 * the topic: a row may outlive the release that wrote it, and must be readable at once, without asking the registry.
 */
import type { OutboundMessage } from "@wamesh/events";

export type Payload = { record: OutboundMessage; trace: Record<string, string> };

/**
 * A message is described, sent and described again from the same bytes: they are read once. Nobody changes what comes out. The
 * entry goes with the bytes.
 */
const known = new WeakMap<Uint8Array, Payload>();

export function packPayload(payload: Payload): Uint8Array {
  const bytes = Buffer.from(JSON.stringify(payload));
  known.set(bytes, payload);
  return bytes;
}

export function unpackPayload(bytes: Uint8Array): Payload {
  let payload = known.get(bytes);
  if (payload === undefined) {
    payload = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()) as Payload;
    known.set(bytes, payload);
  }
  return payload;
}
