/** What every service with an API does with the ring of peppers: compare keys, and open the sessions of signed-in people. */
import { sealedSession } from "./sealed-session.ts";
import { type Pepper, verifySecret } from "./secret-hash.ts";

export type KeyVerifier = {
  verifySecret(secret: string, hashes: readonly string[]): boolean;
  /** The API key in a session's cookie, and until when; null for what is not, or no longer, one. */
  openSession(sealed: string, nowMs: number): { key: string; expiresAt: number } | null;
};

export function keyVerifier(ring: readonly Pepper[]): KeyVerifier {
  const sessions = sealedSession(ring);
  return {
    verifySecret: (secret, hashes) => verifySecret(ring, secret, hashes),
    openSession: sessions.open,
  };
}
