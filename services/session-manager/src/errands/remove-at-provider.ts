/** Removes at WasenderApi what was made there. Its credentials live until that is done, and no longer. */
import { wasenderCallbackUrl } from "../callback-url.ts";
import type { Change } from "../change.ts";
import type { SessionRow } from "../rows.ts";
import { endedBy, type Outcome, openManaged, type Work, type WorkDeps } from "./work.ts";

export function removeAtProvider(deps: Pick<WorkDeps, "account" | "open" | "publicOrigin">): Work {
  return async (task): Promise<Outcome> => {
    const opened = openManaged(deps.open, task);
    if (opened.kind === "ended") return { ended: opened.ended };
    const { plain, token } = opened;
    let ids = [task.session.provider_ref];
    if (plain.callbackToken !== undefined) {
      // Its creation was never seen to end: whatever reports to its address is it.
      const address = wasenderCallbackUrl(deps, plain.callbackToken);
      const listed = await deps.account.list(token, task.deadline());
      if (listed.kind !== "done") return { ended: endedBy(listed) };
      ids = listed.value.filter((one) => one.callbackUrl === address).map((one) => one.id);
    }
    for (const id of ids) {
      // Removing what is gone already is done: a try after a crash does no harm.
      const removed = await deps.account.remove(token, id, task.deadline());
      if (removed.kind !== "done") return { ended: endedBy(removed) };
    }
    return {
      ended: { kind: "done" },
      apply: (change, row) => forget(change, row, "session.removed_at_provider", ""),
    };
  };
}

/** Also when it is given up: the credentials are destroyed, and the audit says which of the two it was. */
export async function forget(
  change: Change,
  row: SessionRow,
  action: "session.removed_at_provider" | "session.subscription_kept" | "session.removal_given_up",
  detail: string,
): Promise<void> {
  await change.tx`delete from credential where session = ${row.id}`;
  change.audit({
    tenant: row.tenant,
    action,
    object_kind: "session",
    object_id: row.id,
    detail: { provider_ref: row.provider_ref, ...(detail !== "" && { detail }) },
  });
}
