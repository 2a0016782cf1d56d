/**
 * What the schedule keeps of a message until it has left: the record and its trace context, as JSON text. Not the Avro bytes of
 * the topic: a row may outlive the release that wrote it, and must be readable at once, without asking the registry.
 */
import type { OutboundMessage } from "@wamesh/events";

export type Payload = { record: OutboundMessage; trace: Record<string, string> };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function packPayload(payload: Payload): Uint8Array {
  return encoder.encode(JSON.stringify(payload));
}

export function unpackPayload(bytes: Uint8Array): Payload {
  return JSON.parse(decoder.decode(bytes)) as Payload;
}
