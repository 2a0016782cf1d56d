/** What sessions share at their provider. An account has one owner in the mesh, for as long as it has a session. */
import type { Tx } from "@wamesh/store";
import type { Change } from "./change.ts";
import { type AccountRow, forgetTemplates } from "./templates/accounts.ts";

/** Serialises making and deleting the sessions of one account; taken before any of their rows, so nobody waits in a ring. */
export async function lockAccount(tx: Tx, provider: string, ref: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`${provider}|${ref}`}, 0))`;
}

/** Of several at once, in one order. */
export async function lockAccounts(tx: Tx, of: readonly { provider: string; ref: string }[]): Promise<void> {
  const byName = new Map(of.map((account) => [`${account.provider}|${account.ref}`, account]));
  for (const name of [...byName.keys()].sort()) {
    const { provider, ref } = byName.get(name)!;
    await lockAccount(tx, provider, ref);
  }
}

/** An account without sessions belongs to nobody, and what is known of its templates goes with it. */
export async function freeAccount(change: Change, account: string): Promise<void> {
  const [freed] = await change.tx<AccountRow[]>`
    delete from account where id = ${account}
      and not exists (select 1 from session where account = ${account} and status <> 'deleted')
    returning *`;
  if (freed !== undefined) await forgetTemplates(change, freed);
}
