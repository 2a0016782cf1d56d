/**
 * A pace that several members share: their tenant's plan, their account. GCRA with a burst, and a count by day (UTC). `tat` is
 * the theoretical arrival time of GCRA; times are monotonic milliseconds, days are counted by the database's clock.
 */

export type Limit = {
  scope: "tenant" | "account";
  /** Of the tenant or account. */
  key: string;
  /** So many in any minute, evenly but for a burst of a tenth; null: as many as the members may send. */
  perMinute: number | null;
  perDay: number | null;
};

export type Spent = {
  tat: number;
  /** Days since 1970 (UTC), and how many were sent in it. */
  day: number;
  dayCount: number;
  /** Claimed and not written: each will spend one. */
  reserved: number;
};

export const dayMs = 86_400_000;
const minuteMs = 60_000;

export function unspent(day: number): Spent {
  return { tat: Number.NEGATIVE_INFINITY, day, dayCount: 0, reserved: 0 };
}

/**
 * A burst of b at once, and an interval such that no half-open minute sees more than the limit: at most one each interval, and
 * the burst on top.
 */
export function minutePace(perMinute: number): { intervalMs: number; burst: number } {
  const burst = Math.max(1, Math.floor(perMinute / 10));
  return { burst, intervalMs: minuteMs / Math.max(1, perMinute - burst + 1) };
}

/**
 * When one more may be written, after those that are reserved when `ahead` counts them. `dbNow` and `offsetMs` translate the end
 * of the day: monotonic = database − offset.
 */
export function mayWriteAt(
  limit: Limit,
  spent: Spent,
  { ahead, dbNow, offsetMs }: { ahead: number; dbNow: number; offsetMs: number },
): number {
  let at = Number.NEGATIVE_INFINITY;
  if (limit.perMinute !== null) {
    const { intervalMs, burst } = minutePace(limit.perMinute);
    const nowMs = dbNow - offsetMs;
    at = Math.max(spent.tat, nowMs) + (ahead - (burst - 1)) * intervalMs;
  }
  if (limit.perDay !== null) {
    const day = Math.floor(dbNow / dayMs);
    const count = spent.day === day ? spent.dayCount : 0;
    if (count + ahead >= limit.perDay) at = Math.max(at, (day + 1) * dayMs - offsetMs);
  }
  return at;
}

/** One was written. */
export function spend(limit: Limit, spent: Spent, nowMs: number, dbNow: number): void {
  if (limit.perMinute !== null)
    spent.tat = Math.max(spent.tat, nowMs) + minutePace(limit.perMinute).intervalMs;
  const day = Math.floor(dbNow / dayMs);
  spent.dayCount = spent.day === day ? spent.dayCount + 1 : 1;
  spent.day = day;
}

/** What a claim promises the store: as if all that is reserved had been written. */
export function promised(
  limit: Limit,
  spent: Spent,
  nowMs: number,
  dbNow: number,
): { tat: number; day: number; dayCount: number } {
  const day = Math.floor(dbNow / dayMs);
  const interval = limit.perMinute === null ? 0 : minutePace(limit.perMinute).intervalMs;
  return {
    tat: Math.max(spent.tat, nowMs) + spent.reserved * interval,
    day,
    dayCount: (spent.day === day ? spent.dayCount : 0) + spent.reserved,
  };
}
