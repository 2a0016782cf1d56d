/**
 * The pace of a member: GCRA without a burst. `arrival` is the earliest time of the next write; the interval follows from the
 * rate. Nothing is ever written before its arrival. A write that a coarse timer made late keeps the cadence up to a stated
 * allowance, so the rate is reached in the mean; an idle member earns nothing (see `anchor`).
 */

/** Milliseconds between two writes; a gap (web sessions) only ever makes it longer. */
export function intervalMs(
  ratePerS: number,
  gap: { min: number; max: number } | undefined,
  random: number,
): number {
  const pace = 1000 / ratePerS;
  return gap === undefined ? pace : Math.max(pace, gap.min + random * (gap.max - gap.min));
}

/** The arrival after a write at `writtenAt` ≥ `arrival`. */
export function arrivalAfter(
  arrival: number,
  writtenAt: number,
  interval: number,
  catchUpMs: number,
): number {
  return Math.max(arrival, writtenAt - catchUpMs) + interval;
}

/** When something becomes ready after nothing was: time that went unused is gone. */
export function anchor(arrival: number, nowMs: number): number {
  return Math.max(arrival, nowMs);
}

/** Where a member starts whose shard was just acquired; `stored` is null when nobody knows what it sent last. */
export function arrivalAtTakeOver(
  stored: number | null,
  nowMs: number,
  interval: number,
  { cleanHandOver, slotLatenessMs }: { cleanHandOver: boolean; slotLatenessMs: number },
): number {
  if (stored === null) return nowMs + interval;
  if (cleanHandOver) return Math.max(nowMs, stored);
  // A claim stores the arrival that its slot promised. An owner that crashed may have written later, but before its lease
  // ended; one whose lease was taken from it may still write as late as a slot allows.
  return Math.max(nowMs + interval, stored + slotLatenessMs);
}
