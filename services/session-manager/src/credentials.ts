/** Credentials as this service knows them: sealed in the database, open only for the moment of a call. */
import type { SealedCredentials } from "@wamesh/events";
import type { SessionCredentials } from "@wamesh/providers";
import type { Vault } from "@wamesh/vault";

/** What the dispatcher opens too, and what only this service needs besides. */
export type PlainCredentials =
  | (Extract<SessionCredentials, { kind: "cloud_api" }> & {
      /** Two-step verification that we gave the number, 6 digits. */
      pin?: string;
    })
  | (Extract<SessionCredentials, { kind: "wasender" }> & {
      /** Until the session exists at the provider: the token in its callback address, by which we know it again. */
      callbackToken?: string;
      /** What its callbacks are known by: kept so that its hash can be made under another pepper. */
      callbackSecret?: string;
    });

export type OpenedCredentials =
  | { kind: "opened"; plain: PlainCredentials }
  /** Not the tenant's fault, and not known to be wrong: the ring of this process lacks a key, or they are gone. */
  | { kind: "unreadable"; why: string };

export type Owner = { tenant: string; session: string };
export type Seal = (of: Owner & { version: number }, plain: PlainCredentials) => SealedCredentials;
export type Open = (sealed: SealedCredentials | undefined, of: Owner) => OpenedCredentials;

export function createSealing(vault: Vault): { seal: Seal; open: Open } {
  return {
    seal: (of, plain) => vault.seal({ ...of, plaintext: Buffer.from(JSON.stringify(plain)) }),
    open(sealed, of) {
      if (sealed === undefined) return { kind: "unreadable", why: "no credentials" };
      const opened = vault.open(sealed, of);
      return opened.kind === "opened"
        ? { kind: "opened", plain: JSON.parse(opened.plaintext.toString()) as PlainCredentials }
        : { kind: "unreadable", why: `credentials not readable: ${opened.kind}` };
    },
  };
}
