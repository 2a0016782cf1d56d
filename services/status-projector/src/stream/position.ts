/** Where a stream stands: how it is written into its event ids, and whether one can go on from there. Pure. */

/** A snapshot of the database, as `pg_current_snapshot()` writes it (`xmin:xmax:xip,…`), and its clock then. */
export type Position = { snapshot: string; atMs: number };

/** What of it an event id keeps: from this transaction on everything is sent again, which does no harm. */
export type Since = { xact: bigint; atMs: number };

export function eventIdOf({ snapshot, atMs }: Position): string {
  return `${snapshot.slice(0, snapshot.indexOf(":"))}-${atMs}`;
}

export function eventIdOfSince({ xact, atMs }: Since): string {
  return `${xact}-${atMs}`;
}

/** Null for what is no event id of ours. */
export function sinceOf(eventId: string | undefined): Since | null {
  const [, xact, atMs] = /^(\d{1,19})-(\d{1,15})$/.exec(eventId ?? "") ?? [];
  return xact === undefined ? null : { xact: BigInt(xact), atMs: Number(atMs) };
}

/** Whether all that changed since is still noted. The margin: what the clean-up and a tick may take. */
export function isStillNoted({ atMs }: Since, position: Position, keptMs: number): boolean {
  return position.atMs - atMs <= keptMs * 0.9;
}
