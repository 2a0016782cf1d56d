/**
 * Short texts that we hand out and take back: what is in them nobody else can read or change, and each is for one purpose only.
 * `<ring id>.<nonce, ciphertext, tag>`, AES-256-GCM under a key derived (HKDF) from the ring's secret and the purpose.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import type { Pepper } from "./secret-hash.ts";

export type TokenSealer = {
  /** Under the newest key of the ring. `expiresAt` in epoch ms. */
  seal(payload: string, expiresAt: number): string;
  /** Null for what is expired, was changed, or was not sealed here for this purpose. */
  open(token: string, nowMs: number): { payload: string; expiresAt: number } | null;
};

const nonceBytes = 12;
const tagBytes = 16;
const expiryBytes = 8;
/** Longer ones were not made here; they need no work. */
const maxTokenLength = 2_048;

/** Other purposes, other keys: a token of one is nothing to another. */
export function tokenSealer(options: {
  ring: readonly Pepper[];
  purpose: string;
  random?: (bytes: number) => Uint8Array;
}): TokenSealer {
  const { ring, purpose, random = randomBytes } = options;
  const keys = new Map(ring.map(({ id, secret }) => [id, derived(secret, purpose)]));
  const newest = ring[0]?.id;
  if (newest === undefined) throw new Error("the ring of peppers is empty");
  return {
    seal(payload, expiresAt) {
      const nonce = random(nonceBytes);
      const expiry = Buffer.alloc(expiryBytes);
      expiry.writeBigUInt64BE(BigInt(expiresAt));
      const cipher = createCipheriv("aes-256-gcm", keys.get(newest)!, nonce).setAAD(Buffer.from(newest));
      const bytes = [nonce, cipher.update(expiry), cipher.update(payload, "utf8"), cipher.final()];
      return `${newest}.${Buffer.concat([...bytes, cipher.getAuthTag()]).toString("base64url")}`;
    },
    open(token, nowMs) {
      const dot = token.lastIndexOf(".");
      const key = keys.get(token.slice(0, Math.max(dot, 0)));
      if (key === undefined || token.length > maxTokenLength) return null;
      const bytes = Buffer.from(token.slice(dot + 1), "base64url");
      if (bytes.byteLength < nonceBytes + expiryBytes + tagBytes) return null;
      const end = bytes.byteLength - tagBytes;
      // Without a fixed tag length GCM would accept a tag cut down to 4 bytes.
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      })
        .setAAD(Buffer.from(token.slice(0, dot)))
        .setAuthTag(bytes.subarray(end));
      let plain: Buffer;
      try {
        plain = Buffer.concat([decipher.update(bytes.subarray(nonceBytes, end)), decipher.final()]);
      } catch {
        return null;
      }
      const expiresAt = Number(plain.readBigUInt64BE());
      return expiresAt <= nowMs ? null : { payload: plain.toString("utf8", expiryBytes), expiresAt };
    },
  };
}

function derived(secret: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, "", `wamesh ${purpose}`, 32));
}
