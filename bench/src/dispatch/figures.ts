/** What this bench gives, and the sizes it gives it for. */

export type DispatchFigures = {
  store_path_per_s: number | null;
  dispatch_per_s: number | null;
  cpu_us_per_message: number | null;
  backlog_cost_ratio: number | null;
  session_cost_ratio: number | null;
  rss_mb_1m: number | null;
  pace_achieved_min: number | null;
  rate_violations: number | null;
  otp_idle_p99_ms: number | null;
  otp_loaded_p99_ms: number | null;
  quiet_tenant_ratio: number | null;
  frozen_session_ratio: number | null;
};

export const noFigures: DispatchFigures = {
  store_path_per_s: null,
  dispatch_per_s: null,
  cpu_us_per_message: null,
  backlog_cost_ratio: null,
  session_cost_ratio: null,
  rss_mb_1m: null,
  pace_achieved_min: null,
  rate_violations: null,
  otp_idle_p99_ms: null,
  otp_loaded_p99_ms: null,
  quiet_tenant_ratio: null,
  frozen_session_ratio: null,
};

export type Sizes = {
  pairs: number;
  storeMessages: number;
  dispatchMessages: number;
  /** Rising. */
  backlogs: readonly number[];
  backlogSessions: number;
  /** Rising. */
  sessionCounts: readonly number[];
  sessionBacklog: number;
  memoryBacklog: number;
  memorySessions: number;
  /** Sent before a cost is measured, and while it is. */
  warmUp: number;
  measured: number;
  paceS: number;
  otps: number;
  bulk: number;
  /** Messages in one phase of a comparison of neighbours. */
  neighbourMessages: number;
};

export const fullSizes: Sizes = {
  pairs: 5,
  storeMessages: 40_000,
  dispatchMessages: 30_000,
  backlogs: [10_000, 100_000, 1_000_000],
  backlogSessions: 1_000,
  sessionCounts: [10, 1_000, 10_000],
  sessionBacklog: 100_000,
  memoryBacklog: 1_000_000,
  memorySessions: 10_000,
  warmUp: 3_000,
  measured: 8_000,
  paceS: 35,
  otps: 300,
  bulk: 50_000,
  neighbourMessages: 300,
};

/** To see that it works; the figures mean little. */
export const quickSizes: Sizes = {
  pairs: 1,
  storeMessages: 4_000,
  dispatchMessages: 4_000,
  backlogs: [1_000, 10_000],
  backlogSessions: 100,
  sessionCounts: [10, 500],
  sessionBacklog: 5_000,
  memoryBacklog: 20_000,
  memorySessions: 500,
  warmUp: 500,
  measured: 1_000,
  paceS: 12,
  otps: 50,
  bulk: 5_000,
  neighbourMessages: 50,
};

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
