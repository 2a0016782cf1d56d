import { createHmac, timingSafeEqual } from "node:crypto";

/** Hex HMAC-SHA256 of a callback secret under the mesh's pepper: what the receiver of callbacks may know of it. */
export function hashCallbackSecret(secret: string, pepper: string): string {
  return createHmac("sha256", pepper).update(secret).digest("hex");
}

/**
 * X-Webhook-Signature holds the secret itself and says nothing of the body: equality, in constant time. A session without a
 * secret sends no header and is refused.
 */
export function verifyWasenderSecret(header: string | undefined, hmac: string, pepper: string): boolean {
  if (header === undefined || header === "" || !/^[0-9a-f]{64}$/.test(hmac)) return false;
  return timingSafeEqual(Buffer.from(hmac, "hex"), Buffer.from(hashCallbackSecret(header, pepper), "hex"));
}
