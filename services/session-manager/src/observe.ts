/** What was seen of sessions, and when to look at them next. */
import type { Tx } from "@wamesh/store";
import type { Change } from "./change.ts";
import { decide, type Happening, nextProbeMs } from "./lifecycle.ts";
import type { SessionRow } from "./rows.ts";
import { announce, findCredentials, lifeOf, lockSession, newsOf, statusColumns } from "./session-change.ts";

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
  const unsure = happening.evidence === "probe" ? 0 : before.unsure_probes;
  if (verdict.kind !== "change") {
    if (happening.evidence === "probe") await scheduleProbe(tx, before, unsure, random);
    return verdict.kind;
  }
  const probeMs = verdict.confirmInMs ?? nextProbeMs(verdict.status, 0, random);
  const [row] = await tx<SessionRow[]>`
    update session set version = version + 1, changed_at = clock_timestamp()
      ${statusColumns(tx, verdict, happening.detail, probeMs)}
    where id = ${id}
    returning *`;
  // What a callback or a send shows stands in the event topic already; only a probe's finding is news.
  const news = happening.evidence === "probe" ? { ...newsOf(verdict), detail: happening.detail } : null;
  announce(change, row!, (await findCredentials(tx, id)) ?? null, news);
  return "changed";
}

/** Puts the next probe of a session where its state and its luck so far want it; a `connecting` one backs off too. */
export async function scheduleProbe(tx: Tx, row: SessionRow, unsure: number, random: number): Promise<void> {
  const tries = row.status === "connecting" ? row.unsure_probes + 1 : unsure;
  const delayMs = nextProbeMs(row.status, tries, random);
  await tx`
    update session set unsure_probes = ${tries},
      next_probe_at = clock_timestamp() + ${delayMs} * interval '1 millisecond'
    where id = ${row.id}`;
}

/** Takes up to `limit` sessions that are due and moves them `leaseMs` ahead: who took one has that long to report. */
export async function takeDue(tx: Tx, limit: number, leaseMs: number): Promise<SessionRow[]> {
  return await tx<SessionRow[]>`
    update session set next_probe_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    where id in (
      select id from session
      where status not in ('deleted', 'suspended') and next_probe_at <= clock_timestamp()
      order by next_probe_at limit ${limit}
      for update skip locked)
    returning *`;
}
