/** What every change of a session has in common: the row is locked, its state moves, the world is told. */
import { type Evidence, eventId, type SealedCredentials, type SessionStatus } from "@wamesh/events";
import type { Tx } from "@wamesh/store";
import type { Change } from "./change.ts";
import type { Life, Verdict } from "./lifecycle.ts";
import { sessionRecord } from "./records.ts";
import type { CredentialRow, SessionRow } from "./rows.ts";

/**
 * Whoever locks several rows does so in one order, so that nobody waits in a ring: the tenant, accounts by `lockAccount`,
 * sessions by id, what hangs on a session (errand, credentials), accounts' rows by id, templates.
 */
export async function lockSessions(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx`select 1 from session where id = any(${[...new Set(ids)]}) order by id for update`;
}

/** The session as it is, and stays until the commit. */
export async function lockSession(tx: Tx, tenant: string, id: string): Promise<SessionRow | undefined> {
  const [row] = await tx<SessionRow[]>`
    select * from session where id = ${id} and tenant = ${tenant} and status <> 'deleted' for update`;
  return row;
}

export async function findCredentials(tx: Tx, session: string): Promise<CredentialRow | undefined> {
  const [row] = await tx<CredentialRow[]>`select * from credential where session = ${session}`;
  return row;
}

export async function writeCredentials(
  { tx }: Change,
  row: SessionRow,
  sealed: SealedCredentials,
): Promise<void> {
  await tx`
    insert into credential (session, tenant, key_ring_id, wrapped_key, nonce, ciphertext, version)
    values (${row.id}, ${row.tenant}, ${sealed.key_ring_id}, ${Buffer.from(sealed.wrapped_key)},
      ${Buffer.from(sealed.nonce)}, ${Buffer.from(sealed.ciphertext)}, ${sealed.version})
    on conflict (session) do update set key_ring_id = excluded.key_ring_id, wrapped_key = excluded.wrapped_key,
      nonce = excluded.nonce, ciphertext = excluded.ciphertext, version = excluded.version,
      changed_at = clock_timestamp(), used_at = null, accepted_at = null`;
}

/** What stands for the provider's id of a session that is not made there yet. */
export function pendingRef(id: string): string {
  return `pending:${id}`;
}

/** Whether it still has to be made at its provider: nothing is published of its credentials, nobody looks at it. */
export function isPending(row: SessionRow): boolean {
  return row.provider_ref === pendingRef(row.id);
}

export type Changed = Extract<Verdict, { kind: "change" }>;

/** For a `set` list: the new state, and when it is looked at. */
export function statusColumns(tx: Tx, verdict: Changed, detail: string, probeInMs: number) {
  return tx`, status = ${verdict.status}, evidence = ${verdict.evidence},
    status_since = ${new Date(verdict.sinceMs)}, status_detail = ${detail}, strikes = ${verdict.strikes}, unsure_probes = 0,
    next_probe_at = clock_timestamp() + ${probeInMs} * interval '1 millisecond'`;
}

export function lifeOf(row: SessionRow): Life {
  return {
    provider: row.provider,
    status: row.status,
    evidence: row.evidence,
    sinceMs: row.status_since.getTime(),
    strikes: row.strikes,
  };
}

/** A change of state as news of it. */
export function newsOf(verdict: Changed): News {
  return { status: verdict.status, evidence: verdict.evidence, atMs: verdict.sinceMs };
}

export type News = { status: SessionStatus; evidence: Evidence; atMs: number; detail?: string };

/** Queues the session's record and, where its state is news, the event. */
export function announce(
  change: Change,
  row: SessionRow,
  sealed: SealedCredentials | null,
  news: News | null,
): void {
  change.sessionState(sessionRecord(row, sealed));
  if (news === null) return;
  change.sessionEvent({
    event_id: eventId("session-manager", row.id, row.version, news.status),
    tenant: row.tenant,
    session: row.id,
    account: row.account,
    kind: "status",
    status: news.status,
    value: null,
    template: null,
    evidence: news.evidence,
    reason: null,
    detail: news.detail ?? "",
    occurred_at: news.atMs,
    recorded_at: change.nowMs,
  });
}
