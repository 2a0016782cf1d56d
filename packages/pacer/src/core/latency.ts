/**
 * A running estimate of the 95th percentile of a member's answers, and how many of its sends may therefore be open: a member
 * whose provider stops answering keeps few of the slots that all share.
 */

/** Until the first answers. */
export const firstEstimateMs = 500;

/** Stochastic approximation: up by 95 parts when above, down by 5 when below, so it rests where 5 % are above. */
export function estimateAfter(estimateMs: number, sampleMs: number): number {
  const part = Math.max(0.2, estimateMs * 0.002);
  return Math.max(1, sampleMs > estimateMs ? estimateMs + part * 95 : estimateMs - part * 5);
}

/** The quarter on top is for an estimate that swings around the truth: without it a steady latency would cost slots. */
export function openSendsAllowed(ratePerS: number, estimateMs: number): number {
  return Math.max(1, Math.ceil((ratePerS * estimateMs * 1.25) / 1000)) + 1;
}
