/** The end of a session: here at once, at its provider as soon as that can be done. */
import type { Tx } from "@wamesh/store";
import { freeAccount, lockAccount } from "./accounts.ts";
import type { Change } from "./change.ts";
import { errandLeaseMs, findErrand, plantErrand } from "./errands/errand-rows.ts";
import type { SessionRow } from "./rows.ts";
import { announce, lockSession } from "./session-change.ts";
import { audit, findSession } from "./sessions.ts";
import { forgetSpells } from "./spells.ts";

/** The Cloud API's subscription is the account's, and stays for as long as it has another session. */
async function hasRemains(tx: Tx, { id, provider, account }: SessionRow): Promise<boolean> {
  if (provider !== "cloud_api") return true;
  const others = await tx`
    select 1 from session where account = ${account} and id <> ${id} and status <> 'deleted' limit 1`;
  return others.length === 0;
}

/**
 * Deletes a session: its number is free again, its record says `deleted`, its credentials are destroyed. What we made at the
 * provider, a session or a subscription, is removed there first; until that is done its sealed credentials are kept, and nobody reads them but that errand.
 */
export async function removeSession(change: Change, tenant: string, id: string): Promise<boolean> {
  const { tx, nowMs } = change;
  const found = await findSession(tx, tenant, id);
  if (found === undefined) return false;
  await lockAccount(tx, found.provider, found.account_ref);
  if ((await lockSession(tx, tenant, id)) === undefined) return false;
  if (found.made_here && (await hasRemains(tx, found))) {
    const errand = await findErrand(tx, id);
    // What is under way ends first, so that what it makes is found.
    const inMs = errand?.kind === "create" || errand?.kind === "onboard" ? errandLeaseMs : 0;
    await plantErrand(tx, { session: id, tenant, kind: "remove", step: "removing" }, inMs);
  } else {
    await tx`delete from errand where session = ${id}`;
    await tx`delete from credential where session = ${id}`;
  }
  await tx`delete from session_link where tenant = ${tenant} and session = ${id}`;
  await forgetSpells(tx, id);
  const [row] = await tx<SessionRow[]>`
    update session set status = 'deleted', evidence = 'operator', status_since = ${new Date(nowMs)},
      callback_token_hash = null, callback_secret_hash = null, version = version + 1, changed_at = clock_timestamp()
    where id = ${id}
    returning *`;
  await freeAccount(change, row!.account);
  announce(change, row!, null, { status: "deleted", evidence: "operator", atMs: nowMs });
  audit(change, row!, "session.deleted", {});
  return true;
}
