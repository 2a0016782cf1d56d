/** One event per POST, but some hold lists: one item per element, without the API key that the envelope carries. */
import type { CallbackItem } from "../callback.ts";
import { type Arrival, cutOut, dedupeKey, unreadable, type Whose } from "../callback-item.ts";
import { asList, firstIdAt, idAt, isObject, objectAt } from "../json.ts";
import type { Provider } from "../provider.ts";
import { isMessageEvent, isOwn } from "./message.ts";
import { isReceipt, progressOf } from "./receipt.ts";
import { redact } from "./redact.ts";

const whose: Whose = { phoneNumberId: null, account: null };

export const split: Provider["split"] = (root, raw, arrival) => {
  const { scope } = arrival;
  if (!isObject(root)) return [unreadable(raw, scope, whose)];
  const clean = redact(root);
  // Old versions call it type.
  const event = firstIdAt(clean, "event", "type");
  if (event === null) return [unreadable(raw, scope, whose)];
  const pieces = piecesOf(event, clean.data);
  const timestamp = clean.timestamp ?? null;
  return pieces.map((piece) => cutOut(piece, scope, whose, () => item(event, timestamp, piece, arrival)));
};

/** Object, list, or either inside `messages` or `message`: the vendor's pages and SDKs disagree, so all of them. */
function piecesOf(event: string, data: unknown): unknown[] {
  const wrapper = wrapperOf(event);
  if (wrapper === null) return [data ?? null];
  const pieces = asList((isObject(data) ? data[wrapper] : null) ?? data);
  // An empty list is still an event that came.
  return pieces.length === 0 ? [null] : pieces;
}

/** Where an event that may hold several things keeps them; null for events that are one thing. */
function wrapperOf(event: string): string | null {
  if (isMessageEvent(event) || event === "messages.update") return "messages";
  return event === "message-receipt.update" ? "message" : null;
}

function item(event: string, timestamp: unknown, piece: unknown, arrival: Arrival): CallbackItem {
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
  if (event !== "messages.update" && event !== "message-receipt.update") return { kind: "other", key: null };
  const progress = progressOf(event, piece);
  if (!isReceipt(progress)) return { kind: "other", key: null };
  return { kind: "status", key: ["receipt", progress.id, progress.status, progress.participant ?? "-"] };
}
