/** Who signed in at the console carries their own key, sealed, in a cookie: no service keeps a table of sessions. */

import { tokenSealer } from "./sealed-token.ts";
import type { Pepper } from "./secret-hash.ts";

export const sessionMs = 12 * 3_600_000;

export function sealedSession(ring: readonly Pepper[]) {
  const sealer = tokenSealer({ ring, purpose: "console session" });
  return {
    /** `key`: `wam_<key id>_<secret>`. */
    seal: (key: string, nowMs: number) => sealer.seal(key, nowMs + sessionMs),
    open(sealed: string, nowMs: number): { key: string; expiresAt: number } | null {
      const opened = sealer.open(sealed, nowMs);
      return opened === null ? null : { key: opened.payload, expiresAt: opened.expiresAt };
    },
  };
}
