/** When a refused message is tried again: the provider's own wait is honoured, else exponential with full jitter. */

export type RetryPolicy = { retryBaseMs: number; retryCapMs: number };

/** `refusals` ≥ 1 counts this one; `random` in [0, 1). The provider's wait is never shortened. */
export function retryDelayMs(
  refusals: number,
  afterMs: number | null,
  random: number,
  { retryBaseMs, retryCapMs }: RetryPolicy,
): number {
  // A little on top of it: those refused together should not come back together.
  if (afterMs !== null)
    return Math.max(0, afterMs) + random * Math.min(retryBaseMs, Math.max(0, afterMs) / 10);
  return random * Math.min(retryCapMs, retryBaseMs * 2 ** Math.min(30, refusals));
}
