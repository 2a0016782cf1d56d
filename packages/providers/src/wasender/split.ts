/** One event per POST, but some hold lists: one item per element, without the API key that the envelope carries. */
import type { CallbackItem } from "../callback.ts";
import { type Arrival, cutOut, dedupeKey, unreadable, type Whose } from "../callback-item.ts";
import { asList, firstIdAt, idAt, isObject, type JsonObject, objectAt } from "../json.ts";
import type { Provider } from "../provider.ts";
import { redact } from "../redact.ts";
import { isMessageEvent, isOwn } from "./message.ts";
import { isReceipt, progressOf } from "./receipt.ts";

const whose: Whose = { phoneNumberId: null, account: null };

export const split: Provider["split"] = (root, raw, arrival) => {
  const { scope } = arrival;
  if (!isObject(root)) return [unreadable(raw, scope, whose)];
  const clean = redact(root, keyIn(root)) as JsonObject;
  // Old versions call it type.
  const event = firstIdAt(clean, "event", "type");
  if (event === null) return [unreadable(raw, scope, whose)];
  const pieces = piecesOf(event, clean.data);
  const timestamp = idAt(clean, "timestamp");
  return pieces.map((piece) => cutOut(piece, scope, whose, () => item(event, timestamp, piece, arrival)));
};

/** `sessionId` is the session's API key, and may be repeated anywhere. Short ones are no keys, and would be found in everything. */
function keyIn(root: JsonObject): string | null {
  const key = idAt(root, "sessionId") ?? idAt(objectAt(root, "data"), "sessionId");
  return key !== null && key.length >= 16 ? key : null;
}

/** Object, list, or either inside a member: the vendor's pages and SDKs disagree, so all of them. */
function piecesOf(event: string, data: unknown): unknown[] {
  if (!isMessageEvent(event) && !Object.hasOwn(wrappers, event)) return [data ?? null];
  const wrapper = wrappers[event] ?? "messages";
  const pieces = asList((isObject(data) ? data[wrapper] : null) ?? data);
  // An empty list is still an event that came.
  return pieces.length === 0 ? [null] : pieces;
}

/** Where an event that may hold several things keeps them; events that are not here are one thing. */
const wrappers: Record<string, string> = {
  "messages.update": "messages",
  "message-receipt.update": "message",
  "messages.delete": "keys",
  "messages.reaction": "reactions",
  "poll.results": "results",
  call: "call",
  "call.received": "call",
};

function item(event: string, timestamp: string | null, piece: unknown, arrival: Arrival): CallbackItem {
  const body = JSON.stringify({ event, timestamp, item: piece });
  const { kind, key } = describe(event, piece);
  const time = timestamp === null ? String(arrival.receivedAtMs) : "timed";
  return { kind, ...whose, body, dedupeKey: dedupeKey(arrival.scope, ...(key ?? [event, time, body])) };
}

type Description = { kind: CallbackItem["kind"]; key: (string | null)[] | null };

/** key null: the event is what it says, time included. */
function describe(event: string, piece: unknown): Description {
  const key = objectAt(piece, "key");
  const id = idAt(key, "id");
  if (event === "session.status" || event === "qrcode.updated") return { kind: "session", key: null };
  if (event === "message.sent" || isMessageEvent(event)) {
    if (isOwn(event, piece)) return { kind: "status", key: id === null ? null : ["own", event, id] };
    // Whichever of the events for one message comes first stands for it.
    return { kind: "message", key: id === null ? null : ["inbound", id] };
  }
  if (event === "messages.reaction") {
    // The same reaction may come as a message, under this key.
    const own = idAt(objectAt(objectAt(piece, "reaction"), "key"), "id");
    return { kind: "message", key: own === null ? null : ["inbound", own] };
  }
  if (["messages.delete", "poll.results", "call", "call.received"].includes(event))
    return { kind: "message", key: null };
  if (event !== "messages.update" && event !== "message-receipt.update") return { kind: "other", key: null };
  const progress = progressOf(event, piece);
  if (!isReceipt(progress)) return { kind: "other", key: null };
  return { kind: "status", key: ["receipt", progress.id, progress.status, progress.participant ?? "-"] };
}
