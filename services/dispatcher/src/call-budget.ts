/** Calls per minute that each session may make, a quarter of them at once. A session that is new here begins with one call, so that a take-over is no burst. */
export function createBudget(perMinute: number) {
  const everyMs = 60_000 / perMinute;
  const aheadMs = Math.max(0, Math.floor(perMinute / 4) - 1) * everyMs;
  /** Up to when the calls that each session has made are paid for. */
  const paid = new Map<string, number>();
  return {
    /** 0: the call is taken. Else ms until one may be made. `now` is monotonic, ms. */
    take(session: string, now: number): number {
      const until = Math.max(paid.get(session) ?? now + aheadMs, now);
      const waitMs = until - aheadMs - now;
      if (waitMs > 0) return waitMs;
      paid.set(session, until + everyMs);
      return 0;
    },
    /** The provider asks for a rest. */
    rest(session: string, ms: number, now: number): void {
      paid.set(session, Math.max(paid.get(session) ?? 0, now + ms + aheadMs));
    },
  };
}
