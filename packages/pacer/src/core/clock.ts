/**
 * The database's time by the process's monotonic clock. Pace is kept by the monotonic clock alone; the database judges when
 * something is due or too late, so a host clock that jumps harms nothing.
 */

export type DbClock = { offsetMs: number; errorMs: number; sampledAt: number };

/** A sample is as good as its round trip was short; an old one gives way to any. */
const staleMs = 10_000;
/** It tells whole milliseconds. */
const tickMs = 1;

export function sampleClock(
  clock: DbClock | null,
  sample: { sentAt: number; receivedAt: number; dbNow: number },
): DbClock | null {
  if (!Number.isFinite(sample.dbNow)) return clock;
  const errorMs = (sample.receivedAt - sample.sentAt) / 2;
  const offsetMs = sample.dbNow - (sample.sentAt + errorMs);
  if (clock !== null && errorMs > clock.errorMs * 1.5 && sample.receivedAt - clock.sampledAt < staleMs) {
    // Both can't be true: the database's clock has stepped.
    const hasStepped = Math.abs(offsetMs - clock.offsetMs) > errorMs + clock.errorMs + tickMs;
    if (!hasStepped) return clock;
  }
  return { offsetMs, errorMs, sampledAt: sample.receivedAt };
}

export function toDbTime(clock: DbClock, nowMs: number): number {
  return Math.round(nowMs + clock.offsetMs);
}

export function fromDbTime(clock: DbClock, dbMs: number): number {
  return dbMs - clock.offsetMs;
}

/** A promise between processes must hold though each knows the database's time to half a round trip only: so at the latest. */
export function latestDbTime(clock: DbClock, nowMs: number): number {
  return toDbTime(clock, nowMs) + Math.ceil(clock.errorMs);
}

export function latestFromDbTime(clock: DbClock, dbMs: number): number {
  return fromDbTime(clock, dbMs) + clock.errorMs;
}
