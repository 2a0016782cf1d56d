/** How a session is looked at: its credentials are opened, its provider is asked. */
import { createProber, type SessionCredentials } from "@wamesh/providers";
import type { Vault } from "@wamesh/vault";
import type { Changer } from "./change.ts";
import type { Finding, Look } from "./probing.ts";
import type { SessionRow } from "./rows.ts";
import { findCredentials } from "./session-change.ts";

export function createLook(deps: {
  changer: Changer;
  vault: Vault;
  /** With its version, without a trailing slash. */
  cloudApiUrl: string;
  wasenderUrl: string;
}): { look: Look; close(): Promise<void> } {
  const probers = {
    cloud_api: createProber("cloud_api", { baseUrl: deps.cloudApiUrl }),
    wasender: createProber("wasender", { baseUrl: deps.wasenderUrl }),
  };

  async function look(row: SessionRow, signal: AbortSignal): Promise<Finding> {
    const sealed = await deps.changer.read([row.tenant], (tx) => findCredentials(tx, row.id));
    if (sealed === undefined) return { kind: "unsure", why: "no credentials" };
    const opened = deps.vault.open(sealed, { tenant: row.tenant, session: row.id });
    // Not the tenant's fault, and not known to be wrong: the ring of this process lacks a key.
    if (opened.kind !== "opened") return { kind: "unsure", why: `credentials not readable: ${opened.kind}` };
    const credentials = JSON.parse(opened.plaintext.toString()) as SessionCredentials;
    return probers[row.provider].probe(
      { sessionId: row.id, providerRef: row.provider_ref, credentials },
      signal,
    );
  }

  return {
    look: (row, signal) =>
      look(row, signal).catch((error: unknown): Finding => ({ kind: "unsure", why: String(error) })),
    close: async () => {
      await Promise.all(Object.values(probers).map((prober) => prober.close()));
    },
  };
}
