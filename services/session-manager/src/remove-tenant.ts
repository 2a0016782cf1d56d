/** Deletes a tenant with all it has: keys are revoked, sessions deleted, credentials destroyed. The row stays. */
import { lockAccounts } from "./accounts.ts";
import type { Change } from "./change.ts";
import { revokeKeysOf } from "./keys.ts";
import { findPlan, sharePlans } from "./plans.ts";
import { removeSession } from "./remove-session.ts";
import type { TenantRow } from "./rows.ts";
import { lockSessions } from "./session-change.ts";
import { sessionsOf } from "./sessions.ts";
import { announceTenant } from "./tenants.ts";

export type Removed = { kind: "removed" } | { kind: "not_found" } | { kind: "has_children" };

/** Needs the tenant's own reach, which covers its children too. The operator's tenant is never found here. */
export async function removeTenant(change: Change, id: string): Promise<Removed> {
  const { tx } = change;
  await sharePlans(tx);
  // Locked first: no child, key or session can be made for it from here on (they hold the row while they are made).
  const [found] = await tx<TenantRow[]>`
    select * from tenant where id = ${id} and state <> 'deleted' and not is_operator for update`;
  if (found === undefined) return { kind: "not_found" };
  const children = await tx`select 1 from tenant where parent = ${id} and state <> 'deleted' limit 1`;
  if (children.length > 0) return { kind: "has_children" };

  await revokeKeysOf(change, id);
  // In the order of locks: all accounts and all sessions before the first of them goes, then account by account.
  const sessions = (await sessionsOf(tx, id)).toSorted((a, b) => (a.account < b.account ? -1 : 1));
  await lockAccounts(
    tx,
    sessions.map(({ provider, account_ref: ref }) => ({ provider, ref })),
  );
  await lockSessions(
    tx,
    sessions.map((session) => session.id),
  );
  for (const session of sessions) await removeSession(change, id, session.id);
  const [row] = await tx<TenantRow[]>`
    update tenant set state = 'deleted', version = version + 1, changed_at = clock_timestamp()
    where id = ${id}
    returning *`;
  announceTenant(change, row!, (await findPlan(tx, row!.plan))!, "tenant.deleted", {});
  return { kind: "removed" };
}
