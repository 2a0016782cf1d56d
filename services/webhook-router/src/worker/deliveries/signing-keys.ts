/** The keys that sign for an endpoint: its own, and the one before while a rotation's overlap lasts. */
import type { Vault } from "@wamesh/vault";
import { openText } from "../sealed-text.ts";
import { type SigningKey, signingKey } from "./sign.ts";

/** Newest first. */
export type SigningKeys = (nowMs: number) => readonly SigningKey[];

export type SealedSecrets = {
  id: string;
  tenant: string;
  secret: string;
  previous_secret: string | null;
  previous_until_ms: number | null;
};

/** Null when the ring does not open the present secret. A former one that it does not open is left out. */
export function openKeys(vault: Pick<Vault, "open">, endpoint: SealedSecrets): SigningKeys | null {
  const open = (sealed: string) => {
    const secret = openText(vault, endpoint, sealed);
    return secret === null ? null : signingKey(secret);
  };
  const present = open(endpoint.secret);
  if (present === null) return null;
  const former = endpoint.previous_secret === null ? null : open(endpoint.previous_secret);
  const until = endpoint.previous_until_ms ?? 0;
  const alone = [present];
  const both = former === null ? alone : [present, former];
  return (nowMs) => (nowMs < until ? both : alone);
}
