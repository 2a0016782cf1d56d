/** What an answer (or none) means for a delivery and its endpoint: pure. */
import type { DeliveryOutcome } from "@wamesh/events";

/** How an attempt ended. */
export type Answer =
  | {
      kind: "answered";
      status: number;
      /** As its Retry-After asks. */
      retryAfterMs: number | null;
      /** See excerptOf. */
      excerpt: string | null;
    }
  /** No answer that can be used: no connection, too late, broken, or an address that must not be called. */
  | { kind: "none"; why: string };

/** What becomes of the row. */
export type Settled = {
  seq: number;
  state: "waiting" | "delivered" | "given_up";
  /** Attempts made by now. */
  attempt: number;
  /** Until the next one, when it waits. */
  waitMs: number;
};

export type Judgement = Settled & {
  outcome: Exclude<DeliveryOutcome, "UNKNOWN">;
  /** The endpoint wants to be left alone so long, for all its deliveries. */
  restMs: number;
};

const s = 1000;
const m = 60 * s;
const h = 60 * m;

/** Waits between attempts, from the first failure on: ten attempts in about three days. */
export const retryWaitsMs = [5 * s, 5 * m, 30 * m, 2 * h, 5 * h, 10 * h, 14 * h, 20 * h, 24 * h];

/** A Retry-After beyond this is not believed. */
const longestRestMs = h;

/**
 * `random` is from 0 to 1: waits are spread by ±20 %, so that what failed together does not come back together. A replay
 * begins the schedule anew, while attempts are counted on.
 */
export function judge(
  row: { seq: number; attempt: number; replayed_at_attempt: number },
  answer: Answer,
  random: number,
): Judgement {
  const attempt = row.attempt + 1;
  const settled = { seq: row.seq, attempt, waitMs: 0, restMs: 0 };
  if (isDelivered(answer)) return { ...settled, state: "delivered", outcome: "delivered" };
  // 410 Gone is how an endpoint says that it wants nothing any more. The row stays, for the day it is enabled again.
  if (answer.kind === "answered" && answer.status === 410)
    return { ...settled, state: "waiting", outcome: "disabled" };
  const restMs = asksForRest(answer) ? Math.min(answer.retryAfterMs ?? 0, longestRestMs) : 0;
  const waitMs = retryWaitsMs[row.attempt - row.replayed_at_attempt];
  if (waitMs === undefined) return { ...settled, restMs, state: "given_up", outcome: "given_up" };
  return {
    ...settled,
    restMs,
    waitMs: Math.max(restMs, Math.round(waitMs * (0.8 + 0.4 * random))),
    state: "waiting",
    outcome: "retry",
  };
}

export function isDelivered(answer: Answer): boolean {
  return answer.kind === "answered" && answer.status >= 200 && answer.status < 300;
}

function asksForRest(answer: Answer): answer is Extract<Answer, { kind: "answered" }> {
  return answer.kind === "answered" && (answer.status === 429 || answer.status === 503);
}

/** Retry-After as seconds or as a date; null when it is neither. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}
