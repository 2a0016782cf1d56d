/** Whether a call is made again, and after how long. Pure. */
export type Attempt = { kind: "answered"; response: Response } | { kind: "failed"; error: unknown };

const again = new Set([429, 502, 503, 504]);

/** ms until the next attempt, or null: this one counts. `n`: which attempt it was, from 1. */
export function waitBefore(attempt: Attempt, n: number): number | null {
  const backOff = Math.min(5_000, 200 * 2 ** (n - 1));
  if (attempt.kind === "failed") return backOff;
  const { status, headers } = attempt.response;
  // 409 with Retry-After: the first request with this idempotency key is still on its way.
  if (!again.has(status) && !(status === 409 && headers.has("retry-after"))) return null;
  const named = Number(headers.get("retry-after"));
  return named > 0 ? named * 1000 : backOff;
}
