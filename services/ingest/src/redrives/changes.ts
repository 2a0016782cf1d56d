/** Making and ending redrives: the row, the letters it takes and the audit entry in one transaction. */
import { type Caller, problem } from "@wamesh/http";
import { enqueue, type Sql, withTenants } from "@wamesh/store";
import type { World } from "../decide.ts";
import type { OnceDeps } from "../once-per-key.ts";
import type { Records } from "../records.ts";
import { auditOf } from "./audit.ts";
import type { RedriveFilter } from "./filter.ts";
import { countLetters, notRedrivable, releaseAll, takeLetters } from "./letters-store.ts";
import {
  findRedrive,
  insertRedrive,
  lockRedrive,
  type NewRedrive,
  type Redrive,
  saveProgress,
} from "./store.ts";

export type RedriveDeps = OnceDeps & {
  sql: Sql;
  world: Pick<World, "session">;
  records: Pick<Records, "audit">;
  now: () => number;
  newId: () => string;
  derivedId: (...parts: (string | number)[]) => string;
};

export type RedriveWish = {
  filter: RedriveFilter;
  session: string | null;
  ratePerS: number;
  dryRun: boolean;
  /** Of the request, if it has one: a repeat finds the redrive that is there, also without Redis. */
  key: string | undefined;
};

export async function startRedrive(deps: RedriveDeps, caller: Caller, wish: RedriveWish): Promise<Redrive> {
  const { tenant } = caller;
  const { filter, session, ratePerS, dryRun, key } = wish;
  if (session !== null) checkSession(deps, tenant, session);
  const id = `rdv_${(key === undefined ? deps.newId() : deps.derivedId(tenant, "redrive", key)).replaceAll("-", "")}`;
  return withTenants(deps.sql, [tenant], async (tx) => {
    const before = await findRedrive(tx, tenant, id);
    if (before !== undefined) return before;
    const found = dryRun ? await countLetters(tx, tenant, filter) : await takeLetters(tx, tenant, filter, id);
    const redrive: NewRedrive = {
      tenant,
      id,
      state: dryRun || found === 0 ? "done" : "running",
      filter,
      dry_run: dryRun,
      session,
      rate_per_s: ratePerS,
      found,
      not_redrivable: await notRedrivable(tx, tenant, filter),
      actor_tenant: caller.actorTenant,
      actor_key: caller.keyId,
    };
    // Asked twice at the same moment: the letters are the other's, and so is the row.
    if (!(await insertRedrive(tx, redrive))) throw problem("idempotency_in_progress", { retryAfterS: 1 });
    const detail = { filter, session, rate_per_s: ratePerS, dry_run: dryRun, found };
    await enqueue(tx, [deps.records.audit(auditOf(deps, redrive, "redrive.created", detail))]);
    return (await findRedrive(tx, tenant, id))!;
  });
}

/** Letters that were not sent yet are free again. Ended once, it stays as it is. Throws not_found, and conflict when it is done. */
export async function endRedrive(deps: RedriveDeps, caller: Caller, id: string): Promise<Redrive> {
  const { tenant } = caller;
  return withTenants(deps.sql, [tenant], async (tx) => {
    const redrive = await lockRedrive(tx, tenant, id);
    if (redrive === undefined) throw problem("not_found");
    if (redrive.state === "done") throw problem("conflict", { detail: "It is done already." });
    if (redrive.state === "cancelled") return redrive;
    await releaseAll(tx, { tenant, redrive: id });
    await saveProgress(tx, redrive, { ...redrive, state: "cancelled" });
    const entry = auditOf(
      deps,
      { ...redrive, actor_tenant: caller.actorTenant, actor_key: caller.keyId },
      "redrive.cancelled",
      { redriven: redrive.redriven },
    );
    await enqueue(tx, [deps.records.audit(entry)]);
    return (await findRedrive(tx, tenant, id))!;
  });
}

function checkSession({ world }: Pick<RedriveDeps, "world">, tenant: string, session: string): void {
  const member = world.session(session);
  if (member?.tenant === tenant && member.status !== "deleted") return;
  throw problem("unknown_session", {
    errors: [
      {
        field: "session_id",
        problem: "You have no session with this id.",
        remedy: "List yours with GET /v1/sessions, or leave session_id out.",
      },
    ],
  });
}
