/** A session's credentials as facts: how old they are, whether there are any; and how they are taken away. */
import type { Tx } from "@wamesh/store";
import type { Change } from "./change.ts";
import { decide } from "./lifecycle.ts";
import type { SessionRow } from "./rows.ts";
import { announce, findCredentials, lifeOf, lockSession, newsOf, statusColumns } from "./session-change.ts";
import { recordSpell } from "./spells.ts";

export type CredentialFacts = {
  version: number;
  /** When this version was sealed; to wrap its data key anew changes nothing here. */
  changed_at: Date;
  /** When the provider was last asked with them, and when it last took them; at most minutes old while the session is wanted. */
  used_at: Date | null;
  accepted_at: Date | null;
  key_ring_id: string;
};

/** Undefined when the tenant has no such session, or it has no credentials. */
export async function credentialFacts(
  tx: Tx,
  tenant: string,
  session: string,
): Promise<CredentialFacts | undefined> {
  const [row] = await tx<CredentialFacts[]>`
    select version, changed_at, used_at, accepted_at, key_ring_id from credential where session = ${session} and tenant = ${tenant}`;
  return row;
}

/** Whether there is such a session, without credentials. */
export async function lacksCredentials(tx: Tx, tenant: string, session: string): Promise<boolean> {
  const rows = await tx`
    select 1 from session where id = ${session} and tenant = ${tenant} and status <> 'deleted'
      and not exists (select 1 from credential where credential.session = session.id)`;
  return rows.length > 0;
}

/**
 * Destroys the credentials: the session's record says so to the dispatcher, which sends nothing through a session that is not
 * connected. Undefined when the tenant has no such session. Revoking twice changes nothing the second time.
 */
export async function revokeCredentials(
  change: Change,
  tenant: string,
  id: string,
): Promise<SessionRow | undefined> {
  const { tx, nowMs } = change;
  const before = await lockSession(tx, tenant, id);
  if (before === undefined) return undefined;
  if ((await findCredentials(tx, id)) === undefined) return before;
  await tx`delete from credential where session = ${id}`;
  const verdict = decide(lifeOf(before), { kind: "ordered", order: "revoke", atMs: nowMs });
  const [row] = await tx<SessionRow[]>`
    update session set version = version + 1, changed_at = clock_timestamp()
      ${verdict.kind === "change" ? statusColumns(tx, verdict, "credentials revoked", probeInMs) : tx``}
    where id = ${id}
    returning *`;
  if (verdict.kind === "change") await recordSpell(tx, row!);
  announce(change, row!, null, verdict.kind === "change" ? newsOf(verdict) : null);
  change.audit({
    tenant,
    action: "session.credentials_revoked",
    object_kind: "session",
    object_id: id,
    detail: {},
  });
  return row;
}

/** There is nothing to look with until new credentials come, and those are tried at once. */
const probeInMs = 3_600_000;
