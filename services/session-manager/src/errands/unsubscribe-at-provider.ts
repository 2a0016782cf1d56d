/**
 * Ends our app's subscription to a Cloud API account whose last session has gone, where a sign-up here had begun it. An account
 * that has come back meanwhile, to whichever tenant, keeps it: whoever joins again waits for this errand (`hurryRemoval`), and
 * this errand looks for sessions before it calls, so one of the two sees the other.
 */
import type { CloudOnboarding } from "@wamesh/providers";
import type { Tx } from "@wamesh/store";
import type { Changer } from "../change.ts";
import { errandLeaseMs } from "./errand-rows.ts";
import { forget } from "./remove-at-provider.ts";
import { endedBy, type Outcome, type Work, type WorkDeps } from "./work.ts";

type Deps = Pick<WorkDeps, "open"> & { changer: Changer; onboarding: CloudOnboarding | null };

export function unsubscribeAtProvider({ changer, open, onboarding }: Deps): Work {
  return async ({ session, sealed, deadline }): Promise<Outcome> => {
    const { account_ref: waba } = session;
    if (await changer.read("all", (tx) => isInUse(tx, waba)))
      return {
        ended: { kind: "done" },
        apply: (change, row) => forget(change, row, "session.subscription_kept", ""),
      };
    if (onboarding === null)
      return { ended: { kind: "refused", detail: "Embedded Signup is not set up in this mesh" } };
    const opened = open(sealed, { tenant: session.tenant, session: session.id });
    if (opened.kind !== "opened" || opened.plain.kind !== "cloud_api")
      return { ended: { kind: "again", detail: "credentials not readable", retryAfterMs: null } };
    const ended = await onboarding.unsubscribe(opened.plain.accessToken, waba, deadline());
    // An account that is gone has no subscriptions.
    if (ended.kind !== "done" && !(ended.kind === "refused" && ended.why === "gone"))
      return { ended: endedBy(ended) };
    return {
      ended: { kind: "done" },
      apply: (change, row) => forget(change, row, "session.removed_at_provider", ""),
    };
  };
}

async function isInUse(tx: Tx, waba: string): Promise<boolean> {
  const rows = await tx`
    select 1 from session where provider = 'cloud_api' and account_ref = ${waba} and status <> 'deleted' limit 1`;
  return rows.length > 0;
}

/** Whether an earlier session's removal of this account's subscription is still to be done; it is taken up within a minute. */
export async function hurryRemoval(tx: Tx, waba: string): Promise<boolean> {
  const rows = await tx`
    update errand set due_at = least(due_at, clock_timestamp() + ${errandLeaseMs} * interval '1 millisecond')
    where kind = 'remove' and session in (
      select id from session where provider = 'cloud_api' and account_ref = ${waba} and status = 'deleted')
    returning 1`;
  return rows.length > 0;
}
