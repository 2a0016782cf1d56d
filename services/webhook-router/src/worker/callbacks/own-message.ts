/**
 * WasenderApi's events name no id of ours. A message is recognised by session, person and text, all as tokens: neither the
 * number nor the text is kept while it is parked. Pure.
 */
import { contentToken, recipientToken } from "@wamesh/events";
import type { ParsedCallback } from "@wamesh/providers";

export type OwnMessage = {
  kind: "own_message";
  providerKey: string;
  /** Of every recipient this may be, under every key of the ring. */
  recipientTokens: string[];
  /** Under every key of the ring: the message may have been sent under an older one. */
  contentTokens: string[];
};

/** Null for one without person or text: nothing of ours looks like that. */
export function recognisable(
  own: Extract<ParsedCallback, { kind: "own_message" }>,
  tenant: string,
  tokenKeys: readonly string[],
): OwnMessage | null {
  const { recipientDigits, text, providerKey } = own;
  if (recipientDigits === null || text === null) return null;
  const recipients = addressedAs(recipientDigits);
  return {
    kind: "own_message",
    providerKey,
    recipientTokens: tokenKeys.flatMap((key) => recipients.map((one) => recipientToken(key, tenant, one))),
    contentTokens: tokenKeys.map((key) => contentToken(key, tenant, text)),
  };
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
