/** How a session is looked at: its credentials are opened, its provider is asked. */
import { createProber } from "@wamesh/providers";
import type { Changer } from "./change.ts";
import type { Open } from "./credentials.ts";
import type { Finding, Look } from "./probing.ts";
import type { SessionRow } from "./rows.ts";
import { findCredentials } from "./session-change.ts";

export function createLook(deps: {
  changer: Changer;
  open: Open;
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
    const opened = deps.open(sealed, { tenant: row.tenant, session: row.id });
    if (opened.kind !== "opened") return { kind: "unsure", why: opened.why };
    return probers[row.provider].probe(
      { sessionId: row.id, providerRef: row.provider_ref, credentials: opened.plain },
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
