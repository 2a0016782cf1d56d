/**
 * WasenderApi's events name no id of ours. A message is recognised by session, person and text, all as tokens: neither the
 * number nor the text is kept while it is parked. Pure.
 */
import { contentToken, recipientToken } from "@wamesh/events";
import { addressedAs, type ParsedCallback } from "@wamesh/providers";

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
