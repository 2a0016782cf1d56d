/** A session's rate: judged as a GCRA, told in X-RateLimit headers as the fixed window the vendor counts. */
import type { Limit } from "../judge.ts";
import type { WasenderSession } from "../world.ts";

/** The vendor's rates: account protection overrides the paid plan. As of 2026-08. */
const PROTECTED = { count: 1, seconds: 5 };
const PAID = { count: 256, seconds: 60 };

export function rateOf(session: WasenderSession): { count: number; seconds: number } {
  return session.rate ?? (session.accountProtection ? PROTECTED : PAID);
}

export function limitOf(session: WasenderSession): Limit {
  const { count, seconds } = rateOf(session);
  return { intervalMs: (seconds * 1_000) / count, burst: 1 };
}

/** Counts one send in the headers' window, which opens with the first send after the last one closed. */
export function countSend(session: WasenderSession, now: number): void {
  const { window } = session;
  if (now >= window.startedAt + rateOf(session).seconds * 1_000) session.window = { startedAt: now, used: 1 };
  else window.used++;
}

export function rateHeaders(session: WasenderSession, now: number): Record<string, string> {
  const { count, seconds } = rateOf(session);
  const { startedAt, used } = session.window;
  const endsAt = startedAt + seconds * 1_000;
  const open = now < endsAt;
  return {
    "X-RateLimit-Limit": String(count),
    "X-RateLimit-Remaining": String(open ? Math.max(0, count - used) : count),
    "X-RateLimit-Reset": String(Math.ceil((open ? endsAt : now + seconds * 1_000) / 1_000)),
  };
}
