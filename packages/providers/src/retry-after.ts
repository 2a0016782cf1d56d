import type { Answer } from "./exchange.ts";

/** Longer waits are not believed: it is then asked again once a day. */
const MAX_WAIT_MS = 86_400_000;

/** A header's value; the first where it came several times. */
export function headerOf(answer: Answer, name: string): string | null {
  const value = answer.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

/** Retry-After as ms from now: seconds or an HTTP date (RFC 9110). */
export function retryAfterMs(answer: Answer, nowMs: number): number | null {
  const value = headerOf(answer, "retry-after");
  if (value === null) return null;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return secondsAsWaitMs(Number(value));
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.min(Math.max(0, at - nowMs), MAX_WAIT_MS);
}

/** null unless it is a number of seconds from 0 up. */
export function secondsAsWaitMs(seconds: unknown): number | null {
  const number = typeof seconds === "string" && seconds.trim() !== "" ? Number(seconds) : seconds;
  if (typeof number !== "number" || !Number.isFinite(number) || number < 0) return null;
  return Math.min(Math.ceil(number * 1000), MAX_WAIT_MS);
}
