/** Who is one person, however a number is written: windows and consent are kept by this. Pure. */
import type { Identity, Recipient } from "./generated/records.ts";
import { recipientToken } from "./ids.ts";

export type Person = { kind: "phone" | "bsuid"; value: string };

/**
 * Null for a group or a channel, and for what names no number. For comparison only: a message goes to the value as it was
 * given.
 */
export function personOf({ kind, value }: Pick<Recipient, "value"> & { kind: string }): Person | null {
  if (kind === "bsuid") return { kind, value };
  if (kind !== "phone") return null;
  const digits = value.replace(/[\s()+.-]/g, "");
  return /^\d{5,20}$/.test(digits) ? { kind, value: `+${withoutMobileDigit(digits)}` } : null;
}

/**
 * WhatsApp adds or drops a mobile digit in Brazil, Mexico and Argentina: a person dialled as one number answers as the other.
 * packages/providers evens out addresses in the same way, and a test compares the two.
 */
function withoutMobileDigit(digits: string): string {
  if (/^55\d\d9\d{8}$/.test(digits)) return digits.slice(0, 4) + digits.slice(5);
  if (/^521\d{10}$/.test(digits)) return `52${digits.slice(3)}`;
  if (/^549\d{10}$/.test(digits)) return `54${digits.slice(3)}`;
  return digits;
}

/** All names under which the writer of an inbound record may be written to, each once. */
export function personsOf(inbound: { sender: Recipient; identities: readonly Identity[] }): Person[] {
  const named = [
    inbound.sender,
    ...inbound.identities.map(({ kind, value }) => ({
      kind: kind === "parent_bsuid" ? "bsuid" : kind,
      value,
    })),
  ];
  const found = new Map<string, Person>();
  for (const name of named) {
    const person = personOf(name);
    if (person !== null) found.set(`${person.kind} ${person.value}`, person);
  }
  return [...found.values()];
}

/**
 * Keyed hashes of a person, one for each key of the ring, newest first: what was said of them may be known under an older
 * one.
 */
export function personTokens(keys: readonly string[], tenant: string, person: Person): string[] {
  return keys.map((key) => recipientToken(key, tenant, person));
}
