/**
 * Makes a session at WasenderApi. The intention is on record before the call, and the session is known by the callback address
 * that only we could have given it. So a try after a crash, or after an answer that was lost, finds what is there and
 * makes nothing twice.
 */
import type { Managed, ManagedSession, WasenderAccount } from "@wamesh/providers";
import { wasenderCallbackUrl } from "../callback-url.ts";
import type { Change } from "../change.ts";
import type { SessionRow } from "../rows.ts";
import { writeCredentials } from "../session-change.ts";
import { plantErrand } from "./errand-rows.ts";
import { beginConnecting, tellRefusal } from "./set-state.ts";
import { endedBy, type Outcome, openManaged, type Task, type Work, type WorkDeps } from "./work.ts";

/** The first look at the provider is left until the session was told to connect. */
const firstLookMs = 15_000;

export function createAtProvider(deps: WorkDeps): Work {
  return async (task): Promise<Outcome> => {
    const opened = openManaged(deps.open, task);
    if (opened.kind === "ended") return { ended: opened.ended };
    const { plain, token } = opened;
    const { session, errand } = task;
    const callbackUrl = wasenderCallbackUrl(deps, plain.callbackToken ?? "");
    const made = await findOrMake(deps.account, task, token, {
      name: session.name,
      phone: session.phone ?? "",
      accountProtection: errand.facts.account_protection ?? true,
      callbackUrl,
    });
    if (made.kind !== "done") return { ended: endedBy(made), ...(made.kind === "refused" && refused(made)) };
    return {
      ended: { kind: "done" },
      apply: (change, row) => adopt(change, row, made.value, token, deps, task),
    };
  };
}

async function findOrMake(
  account: WasenderAccount,
  { deadline }: Task,
  token: string,
  wanted: Parameters<WasenderAccount["create"]>[1],
): Promise<Managed<ManagedSession>> {
  const listed = await account.list(token, deadline());
  if (listed.kind !== "done") return listed;
  const [first, ...more] = listed.value.filter((one) => one.callbackUrl === wanted.callbackUrl);
  // A creation whose answer was lost may have been carried out after we looked: one of them is enough.
  for (const { id } of more) {
    const removed = await account.remove(token, id, deadline());
    if (removed.kind !== "done") return removed;
  }
  return first === undefined
    ? await account.create(token, wanted, deadline())
    : await account.read(token, first.id, deadline());
}

/** A refused token is the session's state; any other no is told by the errand. */
function refused({ why, detail }: Extract<Managed<never>, { kind: "refused" }>): Pick<Outcome, "apply"> {
  return { apply: (change, row) => tellRefusal(change, row, why === "auth" ? "auth_failed" : null, detail) };
}

async function adopt(
  change: Change,
  row: SessionRow,
  made: ManagedSession,
  token: string,
  deps: WorkDeps,
  { sealed }: Task,
): Promise<void> {
  const { tx } = change;
  const credentials = deps.seal(
    { tenant: row.tenant, session: row.id, version: (sealed?.version ?? 0) + 1 },
    { kind: "wasender", apiKey: made.apiKey, accountToken: token, callbackSecret: made.webhookSecret },
  );
  await writeCredentials(change, row, credentials);
  const [changed] = await tx<SessionRow[]>`
    update session set provider_ref = ${made.id},
      callback_secret_hash = ${deps.hashCallbackSecret(made.webhookSecret)}
    where id = ${row.id}
    returning *`;
  await plantErrand(tx, { session: row.id, tenant: row.tenant, kind: "connect", step: "connecting" }, 0);
  await beginConnecting(change, changed!, credentials, firstLookMs);
  change.audit({
    tenant: row.tenant,
    action: "session.created_at_provider",
    object_kind: "session",
    object_id: row.id,
    detail: { provider_ref: made.id },
  });
}
