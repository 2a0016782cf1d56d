/**
 * What the schedule keeps of a message until it has left: the record and its trace context, as JSON text. Not the Avro bytes of
 * the topic: a row may outlive the release that wrote it, and must be readable at once, without asking the registry.
 */
import type { OutboundMessage } from "@wamesh/events";
import type { Payload as Packed } from "@wamesh/pacer";

export type Payload = { record: OutboundMessage; trace: Record<string, string> };

/**
 * A message is described, sent and described again from the same text: it is read once. Nobody changes what comes out. The
 * entry goes with the text.
 */
const known = new WeakMap<Packed, Payload>();

export function packPayload(payload: Payload): Packed {
  const packed = { text: JSON.stringify(payload) };
  known.set(packed, payload);
  return packed;
}

export function unpackPayload(packed: Packed): Payload {
  let payload = known.get(packed);
  if (payload === undefined) {
    payload = JSON.parse(packed.text) as Payload;
    known.set(packed, payload);
  }
  return payload;
}

/** The span of its last send, as headers: what is told of the message afterwards belongs to it. */
const continued = new WeakMap<Packed, Record<string, string>>();

export function continueTrace(packed: Packed, trace: Record<string, string>): void {
  continued.set(packed, trace);
}

/** After a crash nobody remembers the send: what is told belongs to whoever asked for the message. */
export function traceOf(packed: Packed): Record<string, string> {
  return continued.get(packed) ?? unpackPayload(packed).trace;
}

/** What leaves in the message's place, decided under its claim: for its send and the statuses that follow. */
const instead = new WeakMap<Packed, OutboundMessage>();

/** Null: it leaves as it is. */
export function leaveAs(packed: Packed, record: OutboundMessage | null): void {
  if (record === null) instead.delete(packed);
  else instead.set(packed, record);
}

/**
 * The record as it leaves, or left. After a crash under its claim nobody remembers a fallback: its doubt names the
 * message itself.
 */
export function leavingOf(packed: Packed): OutboundMessage {
  return instead.get(packed) ?? unpackPayload(packed).record;
}
