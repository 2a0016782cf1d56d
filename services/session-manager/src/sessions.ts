/** Sessions as their tenants order them: read, made, changed, deleted. What may follow on what is in lifecycle.ts. */
import type { SealedCredentials } from "@wamesh/events";
import type { Tx } from "@wamesh/store";
import { freeAccount, lockAccount } from "./accounts.ts";
import type { Change } from "./change.ts";
import { armErrand, type ErrandRow, findErrand, plantErrand } from "./errands/errand-rows.ts";
import { followState } from "./errands/follow-state.ts";
import { decide } from "./lifecycle.ts";
import type { CredentialRow, SessionRow } from "./rows.ts";
import {
  announce,
  findCredentials,
  isPending,
  lifeOf,
  lockSession,
  newsOf,
  statusColumns,
  writeCredentials,
} from "./session-change.ts";
import { recordSpell } from "./spells.ts";
import { holdTenant } from "./tenants.ts";

export async function findSession(tx: Tx, tenant: string, id: string): Promise<SessionRow | undefined> {
  const [row] = await tx<SessionRow[]>`
    select * from session where id = ${id} and tenant = ${tenant} and status <> 'deleted'`;
  return row;
}

/** Also a deleted one, as long as something of it is still to be removed at its provider. */
export async function findSessionOrRemains(
  tx: Tx,
  tenant: string,
  id: string,
): Promise<SessionRow | undefined> {
  const [row] = await tx<SessionRow[]>`
    select * from session where id = ${id} and tenant = ${tenant}
      and (status <> 'deleted' or exists (select 1 from errand where errand.session = session.id))`;
  return row;
}

export async function listSessions(
  tx: Tx,
  tenant: string,
  after: string | null,
  limit: number,
): Promise<SessionRow[]> {
  return await tx<SessionRow[]>`
    select * from session where tenant = ${tenant} and status <> 'deleted' and id > ${after ?? ""}
    order by id limit ${limit}`;
}

export async function sessionsOf(tx: Tx, tenant: string): Promise<SessionRow[]> {
  return await tx<SessionRow[]>`
    select * from session where tenant = ${tenant} and status <> 'deleted' order by id`;
}

export type NewSession = Pick<
  SessionRow,
  | "id"
  | "tenant"
  | "provider"
  | "account_ref"
  | "provider_ref"
  | "name"
  | "phone"
  | "pools"
  | "rate_per_s"
  | "otp_only"
  | "callback_token_hash"
  | "callback_secret_hash"
  | "account_token"
  | "made_here"
> & {
  newAccount: string;
  sealed: SealedCredentials;
  /** What is left to do at the provider before anybody looks at it. */
  errand: Pick<ErrandRow, "kind" | "step" | "facts"> | null;
};

export type Claimed =
  | { kind: "created"; row: SessionRow }
  | { kind: "taken"; what: "account" | "number" }
  | { kind: "unknown_tenant" };

/**
 * Creates a session: `connecting` and due for a probe at once, or `created` while there is an errand. Account and number have one owner in the whole mesh: the
 * unique indexes see every tenant's rows although this transaction does not, so a second claim is "taken", whoever owns it.
 */
export async function createSession(change: Change, session: NewSession): Promise<Claimed> {
  const { tx } = change;
  if (!(await holdTenant(tx, session.tenant))) return { kind: "unknown_tenant" };
  await lockAccount(tx, session.provider, session.account_ref);
  await tx`
    insert into account (id, tenant, provider, ref)
    values (${session.newAccount}, ${session.tenant}, ${session.provider}, ${session.account_ref})
    on conflict (provider, ref) do nothing`;
  const [account] = await tx<{ id: string }[]>`
    select id from account
    where provider = ${session.provider} and ref = ${session.account_ref} and tenant = ${session.tenant}`;
  if (account === undefined) return { kind: "taken", what: "account" };
  const status = session.errand === null ? "connecting" : "created";
  const [row] = await tx<SessionRow[]>`
    insert into session (id, tenant, provider, account, account_ref, provider_ref, name, phone, pools, rate_per_s,
      otp_only, callback_token_hash, callback_secret_hash, account_token, made_here, status, evidence, status_since)
    values (${session.id}, ${session.tenant}, ${session.provider}, ${account.id}, ${session.account_ref},
      ${session.provider_ref}, ${session.name}, ${session.phone}, ${session.pools}, ${session.rate_per_s},
      ${session.otp_only}, ${session.callback_token_hash}, ${session.callback_secret_hash},
      ${session.account_token}, ${session.made_here}, ${status}, 'operator', ${new Date(change.nowMs)})
    on conflict (provider, provider_ref) where status <> 'deleted' do nothing
    returning *`;
  if (row === undefined) {
    await freeAccount(change, account.id);
    return { kind: "taken", what: "number" };
  }
  await writeCredentials(change, row, session.sealed);
  await recordSpell(tx, row);
  // The intention stands before the provider is called.
  if (session.errand !== null)
    await plantErrand(tx, { session: row.id, tenant: row.tenant, ...session.errand }, 0);
  const published = isPending(row) ? null : session.sealed;
  announce(change, row, published, { status, evidence: "operator", atMs: change.nowMs });
  audit(change, row, "session.created", { provider: row.provider, provider_ref: row.provider_ref });
  return { kind: "created", row };
}

export type SessionPatch = {
  name?: string | undefined;
  pools?: string[] | undefined;
  rate_per_s?: number | undefined;
  otp_only?: boolean | undefined;
  status?: "suspended" | "connecting" | undefined;
};

/** Changes what its tenant decides about a session; undefined when the tenant has no such session. */
export async function patchSession(
  change: Change,
  tenant: string,
  id: string,
  patch: SessionPatch,
): Promise<SessionRow | undefined> {
  const { tx, nowMs } = change;
  const before = await lockSession(tx, tenant, id);
  if (before === undefined) return undefined;
  const order = patch.status === "suspended" ? "suspend" : "connect";
  const errand = await findErrand(tx, id);
  // One that is still to be made, or set up, is not asked how it is: what had stopped is tried again.
  const unmade = errand?.kind === "create" || errand?.kind === "onboard";
  if (unmade && order === "connect" && patch.status !== undefined) await armErrand(tx, id);
  const verdict =
    patch.status === undefined || unmade
      ? ({ kind: "same" } as const)
      : decide(lifeOf(before), { kind: "ordered", order, atMs: nowMs });
  const [row] = await tx<SessionRow[]>`
    update session set
      name = ${patch.name ?? before.name}, pools = ${patch.pools ?? before.pools},
      rate_per_s = ${patch.rate_per_s ?? before.rate_per_s}, otp_only = ${patch.otp_only ?? before.otp_only}, version = version + 1, changed_at = clock_timestamp()
      ${verdict.kind === "change" ? statusColumns(tx, verdict, "", 0) : tx``}
    where id = ${id}
    returning *`;
  if (verdict.kind === "change") {
    await recordSpell(tx, row!);
    await followState(tx, row!, 0);
  }
  const sealed = isPending(row!) ? undefined : await findCredentials(tx, id);
  announce(change, row!, sealed ?? null, verdict.kind === "change" ? newsOf(verdict) : null);
  audit(change, row!, "session.changed", patch);
  return row;
}

/** Replaces the credentials and has them tried at once. The old ones are gone from the topic with the next compaction. */
export async function replaceCredentials(
  change: Change,
  tenant: string,
  id: string,
  next: {
    seal: (version: number, row: SessionRow, old: CredentialRow | undefined) => SealedCredentials;
    /** WasenderApi: a new callback secret came with them. */
    callbackSecretHash: string | null;
    /** WasenderApi: the account's token is among them. */
    accountToken: boolean;
  },
): Promise<SessionRow | undefined> {
  const { tx, nowMs } = change;
  const before = await lockSession(tx, tenant, id);
  if (before === undefined) return undefined;
  const old = await findCredentials(tx, id);
  // A session's version is never below its credentials': those that follow on revoked ones get a number of their own.
  const sealed = next.seal((old?.version ?? before.version) + 1, before, old);
  await writeCredentials(change, before, sealed);
  // What is still to be done at the provider is tried at once with the new ones.
  const errand = await findErrand(tx, id);
  if (errand !== undefined) await armErrand(tx, id);
  // A suspended session stays so: new credentials are no order to go on.
  const verdict =
    before.status === "suspended" || errand?.kind === "create" || errand?.kind === "onboard"
      ? ({ kind: "same" } as const)
      : decide(lifeOf(before), { kind: "ordered", order: "connect", atMs: nowMs });
  const [row] = await tx<SessionRow[]>`
    update session set version = version + 1, changed_at = clock_timestamp(),
      callback_secret_hash = coalesce(${next.callbackSecretHash}, callback_secret_hash),
      account_token = account_token or ${next.accountToken}
      ${verdict.kind === "change" ? statusColumns(tx, verdict, "", 0) : tx``}
    where id = ${id}
    returning *`;
  if (verdict.kind === "change") await recordSpell(tx, row!);
  announce(change, row!, isPending(row!) ? null : sealed, verdict.kind === "change" ? newsOf(verdict) : null);
  audit(change, row!, "session.credentials_replaced", { version: sealed.version });
  return row;
}

/** The entry of what was done to a session. */
export function audit(change: Change, row: SessionRow, action: string, detail: object): void {
  change.audit({ tenant: row.tenant, action, object_kind: "session", object_id: row.id, detail });
}
