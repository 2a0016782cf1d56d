/** The signature of a webhook as Standard Webhooks define it; a test holds it against the public library. Pure. */
import { createHmac, createSecretKey, type KeyObject } from "node:crypto";

/** Made once per secret: from bytes, node makes one for every signature, which is four times the work of signing. */
export type SigningKey = KeyObject;

/** `whsec_` and base64. */
export function signingKey(secret: string): SigningKey {
  return createSecretKey(secret.replace(/^whsec_/, ""), "base64");
}

/** Value of `webhook-signature`: one signature per key, so that receivers with the old secret and the new one both verify. */
export function signatures(
  keys: readonly SigningKey[],
  webhook: { id: string; timestampS: number; body: string },
): string {
  const signed = `${webhook.id}.${webhook.timestampS}.${webhook.body}`;
  return keys.map((key) => `v1,${createHmac("sha256", key).update(signed).digest("base64")}`).join(" ");
}
