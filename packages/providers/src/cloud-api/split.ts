/** entry[] → changes[] → statuses[], messages[], errors[]: one item each; any other field is one item per change. */
import type { CallbackItem } from "../callback.ts";
import { type Arrival, cutOut, dedupeKey, unreadable, type Whose } from "../callback-item.ts";
import { firstIdAt, idAt, isObject, type JsonObject, listAt, objectAt } from "../json.ts";
import type { Provider } from "../provider.ts";

export const split: Provider["split"] = (root, raw, arrival) => {
  if (!isObject(root) || !Array.isArray(root.entry))
    return [unreadable(raw, arrival.scope, { phoneNumberId: null, account: null })];
  return root.entry.flatMap((entry) => splitEntry(entry, arrival));
};

function splitEntry(entry: unknown, arrival: Arrival): CallbackItem[] {
  const { scope } = arrival;
  const account = idAt(entry, "id");
  const whose = { phoneNumberId: null, account };
  const whole = () => [
    cutOut(entry, scope, whose, () => item("other", { value: entry }, null, scope, whose)),
  ];
  if (!isObject(entry)) return [cutOut(entry, scope, whose, () => notAnObject())];
  if (!Array.isArray(entry.changes)) return whole();
  const head = { entry_id: account, time: entry.time ?? null };
  return entry.changes.flatMap((change) => splitChange(change, head, arrival));
}

type Head = { entry_id: string | null; time: unknown };

function splitChange(change: unknown, head: Head, arrival: Arrival): CallbackItem[] {
  const { scope } = arrival;
  const value = objectAt(change, "value");
  const metadata = objectAt(value, "metadata");
  const whose: Whose = {
    phoneNumberId: idAt(metadata, "phone_number_id"),
    // PARTNER_* events come under another id than the account's.
    account: idAt(objectAt(value, "waba_info"), "waba_id") ?? head.entry_id,
  };
  if (!isObject(change)) return [cutOut(change, scope, whose, () => notAnObject())];
  const context = { field: idAt(change, "field"), ...head, metadata };
  const contacts = contactsById(value);
  const items = [
    ...listAt(value, "statuses").map((status) =>
      cutOut(status, scope, whose, () => statusItem(object(status), context, scope, whose)),
    ),
    ...listAt(value, "messages").map((message) =>
      cutOut(message, scope, whose, () => messageItem(object(message), contacts, context, scope, whose)),
    ),
    ...listAt(value, "errors").map((error) =>
      cutOut(error, scope, whose, () => errorItem(object(error), context, arrival, whose)),
    ),
  ];
  if (items.length > 0) return items;
  return [
    cutOut(change, scope, whose, () =>
      item("other", { ...context, value: value ?? change }, null, scope, whose),
    ),
  ];
}

function statusItem(status: JsonObject, context: object, scope: string, whose: Whose): CallbackItem {
  const id = idAt(status, "id");
  const participant = firstIdAt(status, "recipient_participant_id", "recipient_participant_user_id") ?? "-";
  // A wamid has each status once, per participant of a group; time and pricing may differ between repetitions.
  const key = id === null ? null : ["status", whose.phoneNumberId, id, idAt(status, "status"), participant];
  return item("status", { ...context, status }, key, scope, whose);
}

function messageItem(
  message: JsonObject,
  contacts: Map<string, unknown>,
  context: object,
  scope: string,
  whose: Whose,
): CallbackItem {
  const id = idAt(message, "id");
  const key = id === null ? null : ["message", whose.phoneNumberId, id];
  const contact = contactOf(message, contacts);
  return item("message", { ...context, contact, message }, key, scope, whose);
}

/** A throttle or an account's trouble: no id and no time, so each arrival is one. */
function errorItem(error: JsonObject, context: object, arrival: Arrival, whose: Whose): CallbackItem {
  const key = ["error", whose.phoneNumberId, String(arrival.receivedAtMs), JSON.stringify(error)];
  return item("other", { ...context, error }, key, arrival.scope, whose);
}

/** Only the writer's own contact goes along: a batch of a thousand messages has a thousand of them. */
function contactOf(message: JsonObject, contacts: Map<string, unknown>): unknown {
  for (const key of ["from", "from_user_id"]) {
    const known = contacts.get(idAt(message, key) ?? "");
    if (known !== undefined) return known;
  }
  return null;
}

function contactsById(value: JsonObject | null): Map<string, unknown> {
  const byId = new Map<string, unknown>();
  for (const contact of listAt(value, "contacts"))
    for (const key of ["wa_id", "user_id"]) {
      const id = idAt(contact, key);
      if (id !== null) byId.set(id, contact);
    }
  return byId;
}

/** Without a key of its own an item is what it says. */
function item(
  kind: CallbackItem["kind"],
  content: object,
  key: (string | null)[] | null,
  scope: string,
  whose: Whose,
): CallbackItem {
  const body = JSON.stringify(content);
  return { kind, ...whose, body, dedupeKey: dedupeKey(scope, ...(key ?? [kind, whose.account, body])) };
}

function object(piece: unknown): JsonObject {
  return isObject(piece) ? piece : notAnObject();
}

function notAnObject(): never {
  throw new TypeError("not an object");
}
