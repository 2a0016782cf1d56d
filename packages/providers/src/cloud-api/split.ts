/** entry[] → changes[] → statuses[], messages[], calls[] …: one item each; any other field is one item per change. */
import type { CallbackItem } from "../callback.ts";
import { type Arrival, cutOut, dedupeKey, unreadable, type Whose } from "../callback-item.ts";
import { asList, firstIdAt, idAt, isObject, type JsonObject, listAt, objectAt } from "../json.ts";
import type { Provider } from "../provider.ts";
import { mentionsSecret, redact } from "../redact.ts";
import { contactsById } from "./contacts.ts";

export const split: Provider["split"] = (root, raw, arrival) => {
  if (!isObject(root) || root.entry === undefined || root.entry === null)
    return [unreadable(raw, arrival.scope, { phoneNumberId: null, account: null })];
  const entries = asList(mentionsSecret(raw) ? (redact(root, null) as JsonObject).entry : root.entry);
  return entries.flatMap((entry) => splitEntry(entry, arrival));
};

function splitEntry(entry: unknown, arrival: Arrival): CallbackItem[] {
  const { scope } = arrival;
  const account = idAt(entry, "id");
  const whose = { phoneNumberId: null, account };
  if (!isObject(entry)) return [cutOut(entry, scope, whose, () => notAnObject())];
  if (entry.changes === undefined || entry.changes === null)
    return [cutOut(entry, scope, whose, () => item("other", { value: entry }, null, arrival, whose))];
  const head = { field: idAt(entry, "field"), entry_id: account, time: idAt(entry, "time") };
  return asList(entry.changes).flatMap((change) => splitChange(change, head, arrival));
}

/** Repeated in every item, so nothing long or deep may be in it. */
type Context = {
  /** Some of Meta's own examples have it at the entry or inside the value. */
  field: string | null;
  entry_id: string | null;
  time: string | null;
};

function splitChange(change: unknown, head: Context, arrival: Arrival): CallbackItem[] {
  const whose = { phoneNumberId: null, account: head.entry_id };
  if (!isObject(change)) return [cutOut(change, arrival.scope, whose, () => notAnObject())];
  const values = asList(change.value);
  return (values.length === 0 ? [change] : values).flatMap((value) => {
    const field = idAt(change, "field") ?? idAt(value, "field") ?? head.field;
    return splitValue(isObject(value) ? value : { value }, { ...head, field }, arrival);
  });
}

type Cut = (piece: JsonObject) => CallbackItem;

function splitValue(value: JsonObject, head: Context, arrival: Arrival): CallbackItem[] {
  const { scope } = arrival;
  const metadata = objectAt(value, "metadata");
  const whose: Whose = {
    phoneNumberId: idAt(metadata, "phone_number_id") ?? alerted(value),
    // PARTNER_* events come under another id than the account's.
    account: idAt(objectAt(value, "waba_info"), "waba_id") ?? head.entry_id,
  };
  const number = whose.phoneNumberId;
  const context = {
    ...head,
    metadata: { display_phone_number: idAt(metadata, "display_phone_number"), phone_number_id: number },
  };
  const contactOf = contactsById(listAt(value, "contacts"));
  const make = (kind: CallbackItem["kind"], content: object, key: Key) =>
    item(kind, { ...context, ...content }, key, arrival, whose);
  // A call's statuses are no message's.
  const isCalls = head.field === "calls";

  const lists: Record<string, Cut> = {
    // A wamid has each status once, per participant of a group; time and pricing may differ between repetitions.
    statuses: (status) => {
      const id = idAt(status, "id");
      const participant =
        firstIdAt(status, "recipient_participant_id", "recipient_participant_user_id") ?? "-";
      const name = isCalls ? "call_status" : "status";
      const key = id === null ? null : [name, number, id, idAt(status, "status"), participant];
      return make(isCalls ? "other" : "status", { [name]: status }, key);
    },
    messages: (message) =>
      make("message", { contact: contactOf(message), message }, keyOf("message", number, message)),
    // No id and no time, so each arrival is one: the second throttle is news.
    errors: (error) =>
      make("other", { error }, ["error", number, String(arrival.receivedAtMs), JSON.stringify(error)]),
    // Written in the Business app by the number's own people.
    message_echoes: (echo) => make("other", { echo }, keyOf("echo", number, echo)),
    // Without an id; the contact's name may differ between repetitions.
    user_preferences: (preference) =>
      make("message", { contact: contactOf(preference), preference }, [
        "preference",
        number,
        JSON.stringify(preference),
      ]),
    calls: (call) =>
      make(
        "message",
        { contact: contactOf(call), call },
        keyOf("call", number, call, idAt(call, "event"), idAt(call, "status")),
      ),
  };

  const items = Object.entries(lists).flatMap(([name, cut]) =>
    asList(value[name]).map((piece) => cutOut(piece, scope, whose, () => cut(object(piece)))),
  );
  const rest = items.length === 0 ? value : besides(value, [...Object.keys(lists), ...ofAll]);
  if (rest !== null) items.push(cutOut(rest, scope, whose, () => make("other", { value: rest }, null)));
  return items;
}

/** An alert names its number nowhere else. */
function alerted(value: JsonObject): string | null {
  return idAt(value, "entity_type") === "PHONE_NUMBER" ? idAt(value, "entity_id") : null;
}

/** What every item of a value shares. */
const ofAll = ["metadata", "contacts"];

/** What stands beside the lists that we know: a list that is new, say. Null when nothing does. */
function besides(value: JsonObject, known: readonly string[]): JsonObject | null {
  const others = Object.entries(value).filter(
    ([name, inner]) => !known.includes(name) && inner !== null && typeof inner === "object",
  );
  return others.length === 0 ? null : Object.fromEntries(others);
}

type Key = (string | null)[] | null;

function keyOf(kind: string, number: string | null, piece: JsonObject, ...more: (string | null)[]): Key {
  const id = idAt(piece, "id");
  return id === null ? null : [kind, number, id, ...more];
}

/** Without a key of its own an item is what it says, at its time or, without one, at its arrival. */
function item(
  kind: CallbackItem["kind"],
  content: object,
  key: Key,
  { scope, receivedAtMs }: Arrival,
  whose: Whose,
): CallbackItem {
  const body = JSON.stringify(content);
  const time = kind !== "other" || idAt(content, "time") !== null ? "timed" : String(receivedAtMs);
  return { kind, ...whose, body, dedupeKey: dedupeKey(scope, ...(key ?? [kind, whose.account, time, body])) };
}

function object(piece: unknown): JsonObject {
  return isObject(piece) ? piece : notAnObject();
}

function notAnObject(): never {
  throw new TypeError("not an object");
}
