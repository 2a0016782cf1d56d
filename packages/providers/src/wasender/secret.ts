import { createHmac, timingSafeEqual } from "node:crypto";

/** One of the ring of peppers: with a new one in front, hashes under the others still hold. */
export type CallbackPepper = { id: string; secret: string };

/** `<pepper id>:<hex HMAC-SHA256>` of a callback secret: what the receiver of callbacks may know of it. */
export function hashCallbackSecret(secret: string, pepper: CallbackPepper): string {
  return `${pepper.id}:${hmacOf(secret, pepper).toString("hex")}`;
}

/**
 * X-Webhook-Signature holds the secret itself and says nothing of the body: equality, in constant time. A session without a
 * secret sends no header and is refused. A hash that names no pepper was made before they had names: any of them may be its own.
 */
export function verifyWasenderSecret(
  header: string | undefined,
  hash: string,
  ring: readonly CallbackPepper[],
): boolean {
  const [, id, hex] = /^(?:([a-z0-9-]+):)?([0-9a-f]{64})$/.exec(hash) ?? [];
  if (header === undefined || header === "" || hex === undefined) return false;
  const expected = Buffer.from(hex, "hex");
  return ring
    .filter((pepper) => id === undefined || pepper.id === id)
    .map((pepper) => timingSafeEqual(expected, hmacOf(header, pepper)))
    .includes(true);
}

function hmacOf(secret: string, pepper: CallbackPepper): Buffer {
  return createHmac("sha256", pepper.secret).update(secret).digest();
}
