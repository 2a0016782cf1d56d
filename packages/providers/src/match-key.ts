/** WasenderApi's events name no id of ours: a message is recognised by session, text and this spelling of the recipient. */
import type { Recipient } from "./send.ts";

/**
 * One spelling per addressee, for comparison only, never to send to: digits of a phone number without the mobile digit that
 * WhatsApp adds or drops (Brazil 55 DD 9…, Mexico 52 1…, Argentina 54 9…); the local part of a group or channel.
 * Takes a recipient, or an address as callbacks write it (`+1555…`, `1555…:7@s.whatsapp.net`). null for an id that names no
 * number (a LID, a BSUID).
 */
export function canonicalDigits(address: Recipient | string): string | null {
  if (typeof address !== "string") return address.kind === "bsuid" ? null : canonicalDigits(address.value);
  const [local = "", domain = ""] = address.trim().split("@");
  if (domain === "g.us" || domain === "newsletter") return local === "" ? null : local;
  if (domain !== "" && domain !== "s.whatsapp.net" && domain !== "c.us") return null;
  const plain = local.replace(/:\d+$/, "");
  // A group id without its domain may hold a hyphen: creator and time.
  if (/^\d+-\d+$/.test(plain)) return plain;
  const digits = plain.replace(/[\s()+.-]/g, "");
  return /^\d{5,}$/.test(digits) ? withoutMobileDigit(digits) : null;
}

function withoutMobileDigit(digits: string): string {
  if (/^55\d\d9\d{8}$/.test(digits)) return digits.slice(0, 4) + digits.slice(5);
  if (/^521\d{10}$/.test(digits)) return `52${digits.slice(3)}`;
  if (/^549\d{10}$/.test(digits)) return `54${digits.slice(3)}`;
  return digits;
}

/**
 * How a message to these canonical digits may have been addressed. WhatsApp adds or drops a mobile digit in Brazil, Mexico
 * and Argentina, and the canonical form has none; what no phone number can be is a group's or a channel's id.
 */
export function addressedAs(digits: string): { kind: "phone" | "group" | "channel"; value: string }[] {
  // E.164 ends at 15 digits; old group ids hold a hyphen.
  if (!/^\d{5,15}$/.test(digits))
    return [
      { kind: "group", value: digits },
      { kind: "group", value: `${digits}@g.us` },
      { kind: "channel", value: `${digits}@newsletter` },
    ];
  const dialled = [digits];
  if (/^55\d{10}$/.test(digits)) dialled.push(`${digits.slice(0, 4)}9${digits.slice(4)}`);
  if (/^52\d{10}$/.test(digits)) dialled.push(`521${digits.slice(2)}`);
  if (/^54\d{10}$/.test(digits)) dialled.push(`549${digits.slice(2)}`);
  return dialled.map((value) => ({ kind: "phone", value: `+${value}` }));
}
