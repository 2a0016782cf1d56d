/**
 * The pace of a stream (a campaign), over all members of a shard: GCRA without a burst. Kept is when the last one left and not when
 * the next one may, so that a change of the rate holds for the very next write. Times are monotonic milliseconds.
 */

/** Streams with the same key share it; `reason` says to people what their items wait for. */
export type StreamPace = { key: string; ratePerS: number; reason: string };

/** `lastAt`: the theoretical time of the last write. `reserved`: claimed and not written. */
export type StreamSpent = { lastAt: number; reserved: number };

export function unspentStream(): StreamSpent {
  return { lastAt: Number.NEGATIVE_INFINITY, reserved: 0 };
}

export function streamMayWriteAt({ ratePerS }: StreamPace, { lastAt }: StreamSpent): number {
  return lastAt + 1_000 / ratePerS;
}

/** The slot of one more claim, behind all that is reserved. */
export function streamSlotAt(pace: StreamPace, spent: StreamSpent, nowMs: number): number {
  return Math.max(streamMayWriteAt(pace, spent), nowMs) + (spent.reserved * 1_000) / pace.ratePerS;
}

/** One was written, at its time or later: late by up to `catchUpMs` it keeps the cadence, an idle stream earns nothing. */
export function streamWritten(pace: StreamPace, spent: StreamSpent, nowMs: number, catchUpMs: number): void {
  const dueAt = streamMayWriteAt(pace, spent);
  spent.lastAt = nowMs - dueAt <= catchUpMs ? dueAt : nowMs;
}
