/** How much of a time a session was connected, by what was observed of it. Pure. */

export type Observed = { status: string; at: number };

/** Nobody wants it connected in these. */
const unwanted = ["created", "deleted"];

/**
 * Connected over wanted time between two moments (epoch ms), from 0 to 1. `observed`: oldest first, with the last one before
 * `from`, if any. Null: it was not wanted, or nothing is known.
 */
export function availability(observed: readonly Observed[], from: number, to: number): number | null {
  let connected = 0;
  let wanted = 0;
  for (const [i, { status, at }] of observed.entries()) {
    const begins = Math.max(at, from);
    const ends = Math.min(observed[i + 1]?.at ?? to, to);
    if (ends <= begins || unwanted.includes(status)) continue;
    wanted += ends - begins;
    if (status === "connected") connected += ends - begins;
  }
  return wanted === 0 ? null : Math.round((connected / wanted) * 10_000) / 10_000;
}
