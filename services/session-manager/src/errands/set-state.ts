/** States that an errand brings a session into. The row is locked, its errand settled in the same transaction. */
import type { SealedCredentials, SessionStatus } from "@wamesh/events";
import type { Change } from "../change.ts";
import type { SessionRow } from "../rows.ts";
import { announce, findCredentials, isPending } from "../session-change.ts";
import { recordSpell } from "../spells.ts";

/** All is set up: from here on it is looked at. */
export async function beginConnecting(
  change: Change,
  row: SessionRow,
  sealed: SealedCredentials,
  firstLookMs: number,
): Promise<void> {
  const [changed] = await change.tx<SessionRow[]>`
    update session set status = 'connecting', evidence = 'operator', status_since = ${new Date(change.nowMs)},
      status_detail = '', next_probe_at = clock_timestamp() + ${firstLookMs} * interval '1 millisecond',
      unsure_probes = 0, version = version + 1, changed_at = clock_timestamp()
    where id = ${row.id}
    returning *`;
  await recordSpell(change.tx, changed!);
  announce(change, changed!, sealed, { status: "connecting", evidence: "operator", atMs: change.nowMs });
}

/** The provider's no. `status` null: it says nothing of the session's state; its words are kept all the same. */
export async function tellRefusal(
  change: Change,
  row: SessionRow,
  status: SessionStatus | null,
  detail: string,
): Promise<void> {
  const { tx, nowMs } = change;
  if (status === null || status === row.status) {
    await tx`update session set status_detail = ${detail} where id = ${row.id}`;
    return;
  }
  const [changed] = await tx<SessionRow[]>`
    update session set status = ${status}, evidence = 'probe', status_detail = ${detail},
      status_since = ${new Date(nowMs)}, version = version + 1, changed_at = clock_timestamp()
    where id = ${row.id}
    returning *`;
  await recordSpell(tx, changed!);
  const sealed = isPending(row) ? undefined : await findCredentials(tx, row.id);
  announce(change, changed!, sealed ?? null, { status, evidence: "probe", atMs: nowMs, detail });
}
