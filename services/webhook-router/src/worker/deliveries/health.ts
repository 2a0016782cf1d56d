/**
 * How much an endpoint may be asked at once: up by one with every success, down to half with every round of failures, and
 * after three such rounds a pause that doubles. So a dead endpoint costs one connection now and then, and its deliveries
 * wait without using up their attempts. Pure; times in ms of a monotonic clock.
 */
export type Health = {
  /** Deliveries at once. */
  limit: number;
  /** Rounds of failures since the last success. */
  rounds: number;
  pausedUntil: number;
  /** Failures of attempts begun before belong to a round that was counted. */
  judgedAt: number;
};

export const maxLimit = 64;
const roundsUntilPause = 3;
const firstPauseMs = 5_000;
const longestPauseMs = 5 * 60_000;

export const newHealth: Health = { limit: 16, rounds: 0, pausedUntil: 0, judgedAt: Number.NEGATIVE_INFINITY };

export function succeeded(health: Health): Health {
  return { ...health, limit: Math.min(maxLimit, health.limit + 1), rounds: 0, pausedUntil: 0 };
}

/** `restMs`: what the endpoint itself asks for. */
export function failed(health: Health, attempt: { begunAt: number; nowMs: number; restMs: number }): Health {
  const { begunAt, nowMs, restMs } = attempt;
  const asked = Math.max(health.pausedUntil, restMs > 0 ? nowMs + restMs : 0);
  if (begunAt < health.judgedAt) return { ...health, pausedUntil: asked };
  const rounds = health.rounds + 1;
  const beyond = rounds - roundsUntilPause;
  const pauseMs = beyond < 0 ? 0 : Math.min(firstPauseMs * 2 ** Math.min(beyond, 16), longestPauseMs);
  return {
    limit: Math.max(1, Math.floor(health.limit / 2)),
    rounds,
    pausedUntil: Math.max(asked, nowMs + pauseMs),
    judgedAt: nowMs,
  };
}

/** How many may be in flight now. */
export function limitAt(health: Health, nowMs: number): number {
  return nowMs < health.pausedUntil ? 0 : health.limit;
}
