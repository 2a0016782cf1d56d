/**
 * The judge of pace: an exact GCRA (generic cell rate algorithm), the limiter both providers' rules describe.
 *
 * A reception is judged by when it reached us, and that is known only as a span (see arrival.ts): the check uses the
 * latest moment it can have come, the bookkeeping the earliest. So an accusation is certain, whatever this process
 * was doing meanwhile, and the long-run rate stays exact because slack never accumulates.
 */
export type Limit = {
  /** One reception per this many ms, sustained. */
  intervalMs: number;
  /** How many may come at once; the rest of the burst is borrowed from the future. */
  burst: number;
};

/** When something arrived, as a span of epoch ms: not before `earliest`, not after `at`. */
export type Arrival = { earliest: number; at: number };

export type Verdict =
  /** `tat` is the theoretical arrival time (epoch ms) to keep for the next reception. */
  | { kind: "conforms"; tat: number }
  /** `earlyByMs` counts beyond the tolerance; `waitMs` is what the sender should have waited. The state is unchanged. */
  | { kind: "violates"; earlyByMs: number; waitMs: number };

/** How much too early a reception may come before it counts: covers the network's and the schedulers' jitter. */
export const TOLERANCE_MS = 50;

/** `tat` is 0 for a limiter that has seen nothing. */
export function judge(tat: number, limit: Limit, arrival: Arrival, toleranceMs: number): Verdict {
  const due = tat - (limit.burst - 1) * limit.intervalMs;
  if (arrival.at < due - toleranceMs) {
    return { kind: "violates", earlyByMs: due - toleranceMs - arrival.at, waitMs: due - arrival.at };
  }
  return { kind: "conforms", tat: Math.max(tat, arrival.earliest) + limit.intervalMs };
}
