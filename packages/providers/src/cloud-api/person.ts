/** Who a person is to Meta: a number, ids of its own for people with a username, and the username. */
import type { Identity } from "../callback.ts";
import { firstIdAt, idAt, type JsonObject, objectAt } from "../json.ts";
import type { Recipient } from "../send.ts";

/** People with a username may come without a number; some events put their id where the number was. */
export function personOf(number: string | null, userId: string | null): Recipient | null {
  const phone = phoneOf(number);
  if (phone !== null) return { kind: "phone", value: phone };
  const id = userId ?? number;
  return id === null ? null : { kind: "bsuid", value: id };
}

/** The writer of a message or call. */
export function senderOf(message: JsonObject): Recipient | null {
  return personOf(idAt(message, "from"), idAt(message, "from_user_id"));
}

/** Every name that is given: those of the message, the contact's, and a new number or id that a system message tells. */
export function identitiesOf(message: JsonObject, contact: JsonObject | null): Identity[] {
  const system = objectAt(message, "system");
  const named: [Identity["kind"], string | null][] = [
    ["phone", phoneOf(firstIdAt(message, "from", "wa_id"))],
    ["bsuid", firstIdAt(message, "from_user_id", "user_id") ?? notPhone(idAt(message, "from"))],
    ["parent_bsuid", firstIdAt(message, "from_parent_user_id", "parent_user_id")],
    ["phone", phoneOf(idAt(contact, "wa_id"))],
    ["bsuid", idAt(contact, "user_id")],
    ["parent_bsuid", idAt(contact, "parent_user_id")],
    ["username", idAt(objectAt(contact, "profile"), "username")],
    ["phone", phoneOf(idAt(system, "wa_id"))],
    ["bsuid", idAt(system, "user_id")],
  ];
  const known = new Map<string, Identity>();
  for (const [kind, value] of named) if (value !== null) known.set(`${kind} ${value}`, { kind, value });
  return [...known.values()];
}

function phoneOf(number: string | null): string | null {
  const digits = number === null ? null : (/^\+?(\d{5,20})$/.exec(number)?.[1] ?? null);
  return digits === null ? null : `+${digits}`;
}

function notPhone(from: string | null): string | null {
  return phoneOf(from) === null ? from : null;
}
