/** What was seen of sessions, and when to look at them next. */
import type { Tx } from "@wamesh/store";
import type { Change } from "./change.ts";
import { followState } from "./errands/follow-state.ts";
import { decide, type Happening, nextProbeMs } from "./lifecycle.ts";
import { grant } from "./look-budget.ts";
import type { SessionRow } from "./rows.ts";
import { announce, findCredentials, lifeOf, lockSession, newsOf, statusColumns } from "./session-change.ts";
import { recordSpell } from "./spells.ts";

export type Seen = Extract<Happening, { kind: "observed" }> & { detail: string };

/**
 * What an observation does to a session. The version grows only when the status changes, so an observation that comes
 * twice publishes once. `random` in [0, 1) spreads the next probe. `ifVersion`: nothing happens when the session has another
 * version by now, as when a probe began before its credentials were replaced.
 */
export async function observe(
  change: Change,
  tenant: string,
  id: string,
  happening: Seen,
  random: number,
  ifVersion?: number,
): Promise<"changed" | "same" | "ignored"> {
  const { tx } = change;
  const before = await lockSession(tx, tenant, id);
  if (before === undefined) return "ignored";
  if (ifVersion !== undefined && before.version !== ifVersion) return "ignored";
  const verdict = decide(lifeOf(before), happening);
  const probed = happening.evidence === "probe";
  if (verdict.kind === "confirmed") await forgive(tx, id);
  if (verdict.kind !== "change") {
    if (verdict.kind === "outranked" && probed) await scheduleProbeIn(tx, id, 0, verdict.againInMs);
    else if (probed) await scheduleProbe(tx, before, 0, random);
    return verdict.kind === "same" || verdict.kind === "confirmed" ? "same" : "ignored";
  }
  const probeMs = verdict.confirmInMs ?? nextProbeMs(verdict.status, 0, random);
  const [row] = await tx<SessionRow[]>`
    update session set version = version + 1, changed_at = clock_timestamp()
      ${statusColumns(tx, verdict, happening.detail, probeMs)}
    where id = ${id}
    returning *`;
  await recordSpell(tx, row!);
  await followState(tx, row!, random);
  // What a callback or a send shows stands in the event topic already; only a probe's finding is news.
  const news = probed ? { ...newsOf(verdict), detail: happening.detail } : null;
  announce(change, row!, (await findCredentials(tx, id)) ?? null, news);
  return "changed";
}

/** The provider's own word agreed with the failed send: it did not lie, and is believed again when it says "connected". */
async function forgive(tx: Tx, id: string): Promise<void> {
  await tx`update session set evidence = 'probe', strikes = 0 where id = ${id}`;
}

/** Puts the next probe of a session where its state and its luck so far want it; a `connecting` or refused one backs off too. */
export async function scheduleProbe(tx: Tx, row: SessionRow, unsure: number, random: number): Promise<void> {
  const backsOff = row.status === "connecting" || row.status === "auth_failed";
  const tries = backsOff ? row.unsure_probes + 1 : unsure;
  await scheduleProbeIn(tx, row.id, tries, nextProbeMs(row.status, tries, random));
}

async function scheduleProbeIn(tx: Tx, id: string, tries: number, delayMs: number): Promise<void> {
  await tx`
    update session set unsure_probes = ${tries},
      next_probe_at = clock_timestamp() + ${delayMs} * interval '1 millisecond'
    where id = ${id}`;
}

/**
 * Takes up to `limit` sessions that are due and whose account may be asked now, and moves them `leaseMs` ahead: who took one
 * has that long to report. The others get a time of their own.
 */
export async function takeDue(
  tx: Tx,
  limit: number,
  leaseMs: number,
  nowMs: number,
  random: () => number,
): Promise<SessionRow[]> {
  const due = await tx<Pick<SessionRow, "id" | "account" | "provider">[]>`
    select id, account, provider from session
    where status not in ('created', 'deleted', 'suspended') and provider_ref <> 'pending:' || id
      and next_probe_at <= clock_timestamp()
    order by next_probe_at limit ${limit}
    for update skip locked`;
  if (due.length === 0) return [];
  const accounts = await tx<{ id: string; look_free_at: Date | number }[]>`
    select id, look_free_at from account where id = any(${due.map((row) => row.account)})
    order by id for update`;
  const { now, later, freeAtMs } = grant(
    due.map((row) => ({ session: row.id, account: row.account, provider: row.provider })),
    new Map(accounts.map((row) => [row.id, Number(row.look_free_at)])),
    nowMs,
    random,
  );
  for (const [account, atMs] of freeAtMs)
    await tx`update account set look_free_at = ${new Date(atMs)} where id = ${account}`;
  for (const { session, atMs } of later)
    await tx`
      update session set next_probe_at = clock_timestamp() + ${atMs - nowMs} * interval '1 millisecond'
      where id = ${session}`;
  return await tx<SessionRow[]>`
    update session set next_probe_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    where id = any(${now})
    returning *`;
}
