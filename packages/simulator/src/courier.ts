/**
 * Carries callbacks to their receivers: one POST at a time per slot, again after a failure as the provider would, and
 * counted in updates (a Cloud API POST carries many).
 */
import { type Agent, request } from "undici";

export type RetryRule = {
  /** Wait before the 2nd, 3rd … attempt. */
  delaysMs: readonly number[];
  /** Whether the last delay repeats. */
  forever: boolean;
  /** No attempt starts later than this after the first. */
  giveUpAfterMs: number;
};

export type Parcel = {
  /** POSTs of one lane share a cap on what is in flight: an app, a session. */
  lane: string;
  updates: number;
  url: string;
  /** Rendered anew for each attempt: what waits for a retry holds no body. */
  render: () => { body: Buffer | string; headers: Record<string, string> };
  /** Whether an outage swallows this attempt before it leaves. */
  isLost: () => boolean;
  retry: RetryRule;
  /** Called once: acknowledged with 200 (at, epoch ms), or given up. */
  done: (acknowledged: boolean, at: number) => void;
};

export type CourierCounts = {
  sent: number;
  failed: number;
  pending: number;
  posts: number;
  postFailures: number;
};

export type Courier = {
  /** Announces updates that will be posted later, so that `pending` never reads 0 too early. Negative takes back. */
  expect(updates: number): void;
  /** Posts updates that were announced before. */
  post(parcel: Parcel): void;
  counts(): CourierCounts;
  /** Forgets everything that waits; what is on the wire is no longer counted. */
  reset(): void;
};

/** The wait before the next attempt, or null when it is given up. */
export function nextDelay(rule: RetryRule, failedAttempts: number, ageMs: number): number | null {
  const last = rule.delaysMs.length - 1;
  const index = rule.forever ? Math.min(failedAttempts - 1, last) : failedAttempts - 1;
  const delay = rule.delaysMs[index];
  if (delay === undefined || ageMs + delay > rule.giveUpAfterMs) return null;
  return delay;
}

type Lane = { inFlight: number; waiting: { parcel: Parcel; failed: number; startedAt: number }[] };

export function createCourier(options: {
  agent: Agent;
  now: () => number;
  timeoutMs: number;
  maxInFlightPerLane: number;
}): Courier {
  const { agent, now, timeoutMs, maxInFlightPerLane } = options;
  let lanes = new Map<string, Lane>();
  let timers = new Set<NodeJS.Timeout>();
  let counts = emptyCounts();
  /** Grows with each reset: what belongs to an older one is no longer counted. */
  let generation = 0;

  const attempt = async (parcel: Parcel): Promise<boolean> => {
    if (parcel.isLost()) return false;
    const { body, headers } = parcel.render();
    try {
      const answer = await request(parcel.url, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body,
        dispatcher: agent,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      await answer.body.dump();
      return answer.statusCode === 200;
    } catch {
      return false;
    }
  };

  const run = async (lane: Lane, item: Lane["waiting"][number]) => {
    const born = generation;
    lane.inFlight++;
    const acknowledged = await attempt(item.parcel);
    lane.inFlight--;
    if (born !== generation) return;
    counts.posts++;
    if (acknowledged) {
      counts.pending -= item.parcel.updates;
      counts.sent += item.parcel.updates;
      item.parcel.done(true, now());
    } else {
      counts.postFailures++;
      retry(lane, item);
    }
    pump(lane);
  };

  const retry = (lane: Lane, item: Lane["waiting"][number]) => {
    item.failed++;
    const delay = nextDelay(item.parcel.retry, item.failed, now() - item.startedAt);
    if (delay === null) {
      counts.pending -= item.parcel.updates;
      counts.failed += item.parcel.updates;
      item.parcel.done(false, now());
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      lane.waiting.push(item);
      pump(lane);
    }, delay);
    timers.add(timer);
  };

  const pump = (lane: Lane) => {
    while (lane.inFlight < maxInFlightPerLane) {
      const item = lane.waiting.shift();
      if (item === undefined) return;
      void run(lane, item);
    }
  };

  return {
    expect(updates) {
      counts.pending += updates;
    },
    post(parcel) {
      let lane = lanes.get(parcel.lane);
      if (lane === undefined) {
        lane = { inFlight: 0, waiting: [] };
        lanes.set(parcel.lane, lane);
      }
      lane.waiting.push({ parcel, failed: 0, startedAt: now() });
      pump(lane);
    },
    counts: () => ({ ...counts }),
    reset() {
      generation++;
      for (const timer of timers) clearTimeout(timer);
      timers = new Set();
      lanes = new Map();
      counts = emptyCounts();
    },
  };
}

function emptyCounts(): CourierCounts {
  return { sent: 0, failed: 0, pending: 0, posts: 0, postFailures: 0 };
}
