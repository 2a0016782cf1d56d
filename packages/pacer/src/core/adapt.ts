/**
 * The effective rate of a member that its provider throttles: halved on a throttle, raised by small steps while none comes
 * (additive increase, multiplicative decrease). State is a factor of the configured rate and the time it was set.
 */

export type Adapted = { factor: number; since: number };

export const unadapted: Adapted = { factor: 1, since: Number.NEGATIVE_INFINITY };

/** Refusals of one burst count once. */
const settleMs = 1_000;
const leastFactor = 1 / 64;
/** 5 % of the configured rate each five seconds. */
const stepMs = 5_000;
const step = 0.05;

export function factorAt(state: Adapted, nowMs: number): number {
  if (state.factor >= 1) return 1;
  return Math.min(1, state.factor + Math.floor((nowMs - state.since) / stepMs) * step);
}

export function slowed(state: Adapted, nowMs: number): Adapted {
  if (nowMs - state.since < settleMs) return state;
  return { factor: Math.max(leastFactor, factorAt(state, nowMs) / 2), since: nowMs };
}
