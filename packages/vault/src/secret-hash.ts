/** Secrets that are only ever compared: kept as HMAC-SHA256 under a ring of peppers, `<pepper id>:<hex>`. */
import { createHmac, timingSafeEqual } from "node:crypto";

/** In a ring all are used for new hashes, so that one can be added on every service before another is taken away. */
export type Pepper = { id: string; secret: string };

/** One hash per pepper. The secret must be random itself (≥ 128 bits): the hash is fast and not meant for passwords. */
export function hashSecret(ring: readonly Pepper[], secret: string): string[] {
  return ring.map((pepper) => `${pepper.id}:${hmac(pepper, secret).toString("hex")}`);
}

/** Whether the secret is the hashed one, under any pepper known here. Takes the same time wherever they differ. */
export function verifySecret(ring: readonly Pepper[], secret: string, hashes: readonly string[]): boolean {
  let matches = false;
  for (const pepper of ring) {
    const stored = hashes.find((hash) => hash.startsWith(`${pepper.id}:`));
    if (stored === undefined) continue;
    const expected = Buffer.from(stored.slice(pepper.id.length + 1), "hex");
    const actual = hmac(pepper, secret);
    if (expected.byteLength === actual.byteLength && timingSafeEqual(expected, actual)) matches = true;
  }
  return matches;
}

function hmac(pepper: Pepper, secret: string): Buffer {
  return createHmac("sha256", pepper.secret).update(secret).digest();
}
