/** Opens one tenant's stream for a minute: a browser's EventSource sends no headers, and a key has no place in an address. */
import { type Pepper, tokenSealer } from "@wamesh/vault";

export type StreamTokens = {
  issue(of: Holder, nowMs: number): { token: string; expiresAt: number };
  /** Null for what is expired, or was not issued here. */
  holder(token: string, nowMs: number): Holder | null;
};

/** Whose key asked, for which tenant. What the key may do is looked up again when it is used. */
export type Holder = { keyId: string; tenant: string };

export const tokenMs = 60_000;

export function streamTokens(ring: readonly Pepper[]): StreamTokens {
  const sealer = tokenSealer({ ring, purpose: "status stream" });
  return {
    issue({ keyId, tenant }, nowMs) {
      const expiresAt = nowMs + tokenMs;
      return { token: sealer.seal(JSON.stringify([keyId, tenant]), expiresAt), expiresAt };
    },
    holder(token, nowMs) {
      const opened = sealer.open(token, nowMs);
      if (opened === null) return null;
      const [keyId, tenant] = JSON.parse(opened.payload) as [string, string];
      return { keyId, tenant };
    },
  };
}
