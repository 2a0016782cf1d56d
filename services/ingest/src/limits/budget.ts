/**
 * A budget that refills steadily: one more every interval, up to `burst` at once (GCRA, as take.lua has it for all
 * processes together). Pure; here for one process alone, while Redis is away.
 */
export type Budget = { burst: number; intervalUs: number };

export type Taken =
  | { kind: "taken"; left: number; wholeInMs: number }
  | { kind: "refused"; retryAfterMs: number };

/** So many in a period, all at once if need be. */
export function budgetOf(most: number, periodMs: number): Budget {
  return { burst: most, intervalUs: (periodMs * 1000) / most };
}

/** `wholeAtUs`: when the budget is whole again, by a clock of one's own; 0 at first. Returns it moved, unless refused. */
export function take(
  { burst, intervalUs }: Budget,
  wholeAtUs: number,
  nowUs: number,
): { taken: Taken; wholeAtUs: number } {
  const next = Math.max(wholeAtUs, nowUs) + intervalUs;
  const waitUs = next - burst * intervalUs - nowUs;
  if (waitUs > 0) return { taken: { kind: "refused", retryAfterMs: waitUs / 1000 }, wholeAtUs };
  const usedUs = next - nowUs;
  return {
    taken: { kind: "taken", left: Math.floor(burst - usedUs / intervalUs), wholeInMs: usedUs / 1000 },
    wholeAtUs: next,
  };
}
