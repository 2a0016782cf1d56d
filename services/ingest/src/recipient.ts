/** Who a message is for: read as strictly as a door must, before anything is promised. Pure. */
import type { Recipient } from "@wamesh/events";
import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import type { Refusal } from "./refusal.ts";

export type RecipientKind = "phone" | "bsuid" | "group" | "channel";
/** As on the wire: a string is a phone number. */
export type RecipientInput = string | { kind: RecipientKind; value: string };

export type ParsedRecipient =
  | { kind: "parsed"; recipient: Recipient }
  | { kind: "refused"; refusal: Refusal };

/** Forms of the providers' own ids, as of 2026-11: BSUID "US.8a1B2c", groups with or without their JID's domain. */
const forms: Record<Exclude<RecipientKind, "phone">, { form: RegExp; remedy: string }> = {
  bsuid: {
    form: /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/,
    remedy: "Send the business-scoped user id as the provider gave it, for example US.8a1B2c3D.",
  },
  group: {
    form: /^[A-Za-z0-9][A-Za-z0-9_.:=-]{0,126}(@g\.us)?$/,
    remedy: "Send the group's id as the provider gave it, for example 120363000000000001@g.us.",
  },
  channel: {
    form: /^[0-9]{1,32}@newsletter$/,
    remedy: "Send the channel's id as the provider gave it, for example 120363000000000009@newsletter.",
  },
};

/**
 * Phone numbers come out as E.164 with +. They must be *possible* (country code and length), not *valid*: new number ranges
 * open faster than the library's metadata follows, and a wrong refusal here is a customer nobody can reach.
 */
export function parseRecipient(input: RecipientInput): ParsedRecipient {
  const field = typeof input === "string" ? "to" : "to.value";
  const { kind, value } = typeof input === "string" ? { kind: "phone" as const, value: input } : input;
  if (kind === "phone") return parsePhone(value, field);
  const { form, remedy } = forms[kind];
  if (form.test(value)) return { kind: "parsed", recipient: { kind, value } };
  return refuse(field, `This is not the id of a ${kind === "bsuid" ? "user" : kind}.`, remedy);
}

function parsePhone(value: string, field: string): ParsedRecipient {
  const remedy = "Send the number in E.164: +, country code, number; for example +15551234567.";
  if (!value.startsWith("+")) return refuse(field, "The number has no country code.", remedy);
  // extract: false, or "+1 555 123 4567, ask for Bob" would pass as a number.
  const number = parsePhoneNumberFromString(value, { extract: false });
  if (number === undefined || number.ext !== undefined || !number.isPossible())
    return refuse(field, "This is not a possible phone number.", remedy);
  return { kind: "parsed", recipient: { kind: "phone", value: number.number } };
}

function refuse(field: string, problem: string, remedy: string): ParsedRecipient {
  return { kind: "refused", refusal: { code: "recipient_impossible", field, problem, remedy } };
}
