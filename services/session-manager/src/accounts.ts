/** What sessions share at their provider. An account has one owner in the mesh, for as long as it has a session. */
import type { Tx } from "@wamesh/store";

/** Serialises making and deleting the sessions of one account; taken before any of their rows, so nobody waits in a ring. */
export async function lockAccount(tx: Tx, provider: string, ref: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`${provider}|${ref}`}, 0))`;
}

/** An account without sessions belongs to nobody. */
export async function freeAccount(tx: Tx, account: string): Promise<void> {
  await tx`
    delete from account where id = ${account}
      and not exists (select 1 from session where account = ${account} and status <> 'deleted')`;
}
