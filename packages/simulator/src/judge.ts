/**
 * The judge of pace: an exact GCRA (generic cell rate algorithm), the limiter both providers' rules describe.
 *
 * A reception is judged by when it reached us, and that is known only as a span (see arrival.ts). It is accused only if no
 * moments within the spans would have kept the limit: some stretch of time surely holds too many. So an accusation is certain,
 * whatever this process was doing meanwhile, and in whichever order it came round to what had been waiting; and the long-run rate
 * stays exact because slack never accumulates.
 */
export type Limit = {
  /** One reception per this many ms, sustained. */
  intervalMs: number;
  /** How many may come at once; the rest of the burst is borrowed from the future. */
  burst: number;
};

/** When something arrived, as a span of epoch ms: not before `earliest`, not after `at`. */
export type Arrival = { earliest: number; at: number };

/** What a limiter remembers. Epoch ms. */
export type Seen = {
  /** Theoretical arrival time after all that is no longer in `recent`; 0: there was nothing. */
  tat: number;
  /** The last of those; who may have come before it is not judged by them. */
  settledAt: number;
  /** The earliest moments of the last few seconds' receptions, rising. */
  recent: readonly number[];
  /** The latest moment of any reception. */
  at: number;
};

export const nothingSeen: Seen = { tat: 0, settledAt: 0, recent: [], at: 0 };

export type Verdict =
  | { kind: "conforms"; seen: Seen }
  /** `earlyByMs` counts beyond the tolerance; `waitMs` is what the sender should have waited. The state is unchanged. */
  | { kind: "violates"; earlyByMs: number; waitMs: number };

/** How much too early a reception may come before it counts: covers the network's and the schedulers' jitter. */
export const TOLERANCE_MS = 50;

/** So far back the order of receptions is kept open: longer than this process ever looks away. */
const OPEN_MS = 5_000;

/** One reception after what the limiter has seen; conforming, its `seen` is to be kept for the next. Pure. */
export function judge(seen: Seen, limit: Limit, arrival: Arrival, toleranceMs: number): Verdict {
  const at = Math.max(seen.at, arrival.at);
  const due = freeAt(seen, limit.intervalMs, arrival.earliest) - (limit.burst - 1) * limit.intervalMs;
  if (at < due - toleranceMs)
    return { kind: "violates", earlyByMs: due - toleranceMs - at, waitMs: due - at };
  return {
    kind: "conforms",
    seen: settled({ ...seen, at, recent: inserted(seen.recent, arrival.earliest) }, limit),
  };
}

/** When whatever may be counted together with a reception that came at `earliest` or later has been worked off, at the soonest. */
export function freeAt({ tat, settledAt, recent }: Seen, intervalMs: number, earliest: number): number {
  let free = earliest >= settledAt && tat > 0 ? tat + recent.length * intervalMs : 0;
  for (let i = 0; i < recent.length && recent[i]! <= earliest; i++)
    free = Math.max(free, recent[i]! + (recent.length - i) * intervalMs);
  return free;
}

function inserted(recent: readonly number[], earliest: number): number[] {
  const before = recent.findLastIndex((one) => one <= earliest) + 1;
  return recent.toSpliced(before, 0, earliest);
}

function settled(seen: Seen, { intervalMs }: Limit): Seen {
  let { tat, settledAt } = seen;
  let count = 0;
  for (; count < seen.recent.length && seen.recent[count]! < seen.at - OPEN_MS; count++) {
    const earliest = seen.recent[count]!;
    tat = Math.max(tat, earliest) + intervalMs;
    settledAt = Math.max(settledAt, earliest);
  }
  return count === 0 ? seen : { ...seen, tat, settledAt, recent: seen.recent.slice(count) };
}
