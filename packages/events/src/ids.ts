/** Identity: every id that must come out the same when the same thing happens twice is made here. */
import { createHmac, hash } from "node:crypto";

function digest(parts: readonly (string | number | null)[]): Buffer {
  // JSON keeps the parts apart: ["ab","c"] and ["a","bc"] must not collide.
  return hash("sha256", JSON.stringify(parts), "buffer");
}

/** UUIDv8 (RFC 9562) from SHA-256 of the parts: the same parts always make the same id. */
export function derivedUuid(...parts: (string | number | null)[]): string {
  const bytes = digest(parts).subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** UUIDv7 (RFC 9562): `nowMs` since 1970 and 10 random bytes; sorts by time. */
export function timeUuid(nowMs: number, random: Uint8Array): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Event id: 128 bits of SHA-256 over what makes the event the same event, as hex. */
export function eventId(...parts: (string | number | null)[]): string {
  return digest(parts).subarray(0, 16).toString("hex");
}

/** Fingerprint of what was asked for; JSON with sorted keys, so that the order of fields does not matter. */
export function fingerprint(value: unknown): string {
  return hash("sha256", canonicalJson(value), "hex");
}

/** JSON with object keys sorted at every level. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  );
}

/** Recipient token: keyed hash of a person, per tenant, for joins and logs without the number. 128 bits as hex. */
export function recipientToken(
  key: string,
  tenant: string,
  recipient: { kind: string; value: string },
): string {
  return createHmac("sha256", key)
    .update(JSON.stringify([tenant, recipient.kind, recipient.value]))
    .digest()
    .subarray(0, 16)
    .toString("hex");
}

/**
 * Content token: keyed hash of a text, per tenant, to recognise a message by what it says without keeping it. Unicode form
 * and white space are evened out, since a provider may change them. 128 bits as hex.
 */
export function contentToken(key: string, tenant: string, text: string): string {
  const even = text.normalize("NFC").replace(/\s+/g, " ").trim();
  return createHmac("sha256", key)
    .update(JSON.stringify([tenant, even]))
    .digest()
    .subarray(0, 16)
    .toString("hex");
}
