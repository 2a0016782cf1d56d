/**
 * How many messages of a tenant may wait: its plan's `max_queued`, against what the dispatcher counted and what this process
 * let in since. Other processes' share of the last seconds is not known here, so the limit may be passed by what they take in
 * meanwhile. While the dispatcher is away it counts nothing, and intake goes on into Kafka.
 */
import type { Lane } from "../decide.ts";
import type { Waiting } from "./waiting.ts";

export type QueueQuota = {
  /** How many messages of this lane may enter now. 0: wait, and ask again after `retryAfterS`. */
  room(tenant: string, lane: Lane): number;
  /** Counts messages that are about to enter. */
  enter(tenant: string, lanes: readonly Lane[]): void;
  /** Estimate: when there will be room again. */
  retryAfterS(tenant: string): number;
  /** Null: no limit is known. */
  maxQueued(tenant: string): number | null;
};

/** The dispatcher counts every one to five seconds, and what enters takes a moment to get there. */
const countedEveryMs = 6_000;
const travelMs = 1_000;
const grainMs = 250;

/** One-time passwords have room of their own: a full queue of other things must not lock anybody out of their account. */
const otpShare = 0.1;
const leastOtpRoom = 100;

const longestWaitS = 60;

type Entered = { atMs: number; otp: number; others: number };

export function createQueueQuota(deps: {
  maxQueued(tenant: string): number | null;
  waitingOf(tenant: string): Waiting;
  nowMs: () => number;
}): QueueQuota {
  const entered = new Map<string, Entered[]>();

  function load(tenant: string): Waiting {
    const waiting = deps.waitingOf(tenant);
    const sinceMs = Math.max(deps.nowMs() - countedEveryMs, waiting.countedAt - travelMs);
    const recent = (entered.get(tenant) ?? []).filter(({ atMs }) => atMs > sinceMs);
    const sum = (part: "otp" | "others") => recent.reduce((total, one) => total + one[part], 0);
    return { ...waiting, otp: waiting.otp + sum("otp"), others: waiting.others + sum("others") };
  }

  return {
    maxQueued: deps.maxQueued,
    room(tenant, lane) {
      const max = deps.maxQueued(tenant);
      return max === null ? Number.POSITIVE_INFINITY : roomIn(lane, max, load(tenant));
    },
    enter(tenant, lanes) {
      const nowMs = deps.nowMs();
      const atMs = nowMs - (nowMs % grainMs);
      const recent = (entered.get(tenant) ?? []).filter((one) => one.atMs > nowMs - countedEveryMs);
      if (recent.at(-1)?.atMs !== atMs) recent.push({ atMs, otp: 0, others: 0 });
      const last = recent.at(-1)!;
      for (const lane of lanes) last[lane === "otp" ? "otp" : "others"]++;
      entered.set(tenant, recent);
    },
    retryAfterS(tenant) {
      const { others, perS } = load(tenant);
      return waitS(others - (deps.maxQueued(tenant) ?? Number.POSITIVE_INFINITY), perS);
    },
  };
}

export function roomIn(lane: Lane, max: number, { otp, others }: Pick<Waiting, "otp" | "others">): number {
  const limit = lane === "otp" ? Math.max(leastOtpRoom, Math.floor(max * otpShare)) : max;
  return Math.max(0, limit - (lane === "otp" ? otp : others));
}

/** Until the excess has left, and a second's worth more; a minute at most, and where nothing leaves. */
export function waitS(excess: number, perS: number): number {
  if (perS <= 0) return longestWaitS;
  return Math.min(longestWaitS, Math.ceil((Math.max(0, excess) + perS) / perS));
}
