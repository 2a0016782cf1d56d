/** Opens a session's sealed credentials as packages/vault sealed them. */
import type { SessionState } from "@wamesh/events";
import type { Vault } from "@wamesh/vault";

/** Plain text of the credentials; throws without a word of them when no ring key fits. */
export function openCredentials(vault: Pick<Vault, "open">): (session: SessionState) => string {
  return (session) => {
    if (session.credentials === null) throw new Error("the session has no credentials");
    const opened = vault.open(session.credentials, { tenant: session.tenant, session: session.session });
    if (opened.kind !== "opened") throw new Error(`credentials can't be opened: ${opened.kind}`);
    return opened.plaintext.toString();
  };
}
