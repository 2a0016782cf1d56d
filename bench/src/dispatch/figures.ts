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

/** In the order of the table, with what each should be on two cores. */
export const targets: Readonly<Record<keyof DispatchFigures, string>> = {
  store_path_per_s: "≥ 8000",
  dispatch_per_s: "≥ 5000",
  cpu_us_per_message: "",
  backlog_cost_ratio: "≤ 1.3",
  session_cost_ratio: "≤ 1.3",
  rss_mb_1m: "< 400",
  pace_achieved_min: "≥ 0.99",
  rate_violations: "0",
  otp_idle_p99_ms: "< 50",
  otp_loaded_p99_ms: "< 250",
  quiet_tenant_ratio: "≤ 1.2",
  frozen_session_ratio: "≤ 1.2",
};

export const noFigures = Object.fromEntries(
  Object.keys(targets).map((figure) => [figure, null]),
) as DispatchFigures;

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
  paceWarmUpS: number;
  paceS: number;
  otps: number;
  bulk: number;
  /** Messages in one phase of a comparison of neighbours. */
  neighbourMessages: number;
};

export const fullSizes: Sizes = {
  pairs: 5,
  storeMessages: 40_000,
  dispatchMessages: 60_000,
  backlogs: [10_000, 100_000, 1_000_000],
  backlogSessions: 1_000,
  sessionCounts: [10, 1_000, 10_000],
  sessionBacklog: 100_000,
  memoryBacklog: 1_000_000,
  memorySessions: 10_000,
  warmUp: 3_000,
  measured: 8_000,
  paceWarmUpS: 5,
  paceS: 31,
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
  paceWarmUpS: 2,
  paceS: 11,
  otps: 50,
  bulk: 5_000,
  neighbourMessages: 50,
};

/** How much dearer the dearest is than the cheapest. */
export function spread(costs: readonly number[]): number {
  return Math.max(...costs) / Math.min(...costs);
}

/** Of the configured rate, from the first to the last of the receptions (ms, rising); not a number with fewer than two. */
export function achievedShare(at: readonly number[], ratePerS: number): number {
  if (at.length < 2) return Number.NaN;
  return ((at.length - 1) * 1000) / ((at.at(-1)! - at[0]!) * ratePerS);
}
