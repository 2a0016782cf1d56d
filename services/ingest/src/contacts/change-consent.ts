/** One word about consent into its row; what changes is published with it, in one transaction. */
import type { ContactConsent } from "@wamesh/events";
import { enqueue, type Tx } from "@wamesh/store";
import type { Records } from "../records.ts";
import { afterSaid, type Said } from "./consent.ts";
import { type ConsentRow, lockConsents, saveConsent } from "./store.ts";

/**
 * `tokens`: of the person, newest key first. A person stays under the token they are first known by, so that readers, who
 * look under every key, find one word and not two. Returns the row that holds now.
 */
export async function changeConsent(
  tx: Tx,
  deps: { records: Pick<Records, "consent">; now: () => number },
  tenant: string,
  tokens: readonly string[],
  said: Said,
): Promise<ConsentRow> {
  let holds: ConsentRow | undefined;
  for (const row of await lockConsents(tx, { tenant, tokens, scope: said.scope })) {
    const after = afterSaid(row, said);
    holds = row;
    if (after === null) continue;
    holds = { ...row, ...after.standing, source: said.source, proof: said.proof, changedAt: deps.now() };
    await saveConsent(tx, holds);
    if (after.isNews) await enqueue(tx, [deps.records.consent(recordOf(holds, said))]);
  }
  return holds!;
}

function recordOf(row: ConsentRow, { source }: Said): ContactConsent {
  return {
    tenant: row.tenant,
    recipient_token: row.person,
    scope: row.scope,
    version: row.version,
    opted_out: row.optedOut,
    source,
    proof: row.proof,
    occurred_at: row.occurredAt,
    changed_at: row.changedAt,
  };
}
