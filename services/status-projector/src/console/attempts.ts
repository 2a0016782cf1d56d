/**
 * How often somebody may guess: ten wrong keys, then one every six seconds, by address. A key can't be found by guessing
 * (its secret has 128 bits or more); this keeps those who try from costing us anything.
 */
export type Attempts = {
  /** Seconds until the next one is looked at; 0: now. */
  waitS(source: string, nowMs: number): number;
  failed(source: string, nowMs: number): void;
};

const burst = 10;
const everyMs = 6_000;
const maxSources = 10_000;

export function createAttempts(): Attempts {
  /** Until when an address has used up what is given to it: the moment from which it has the whole burst again. */
  const until = new Map<string, number>();
  return {
    waitS(source, nowMs) {
      const overMs = (until.get(source) ?? 0) - nowMs - (burst - 1) * everyMs;
      return Math.max(0, Math.ceil(overMs / 1_000));
    },
    failed(source, nowMs) {
      const next = Math.max(until.get(source) ?? 0, nowMs) + everyMs;
      until.delete(source);
      until.set(source, next);
      // The one that failed longest ago is the one that matters least.
      if (until.size > maxSources) until.delete(until.keys().next().value!);
    },
  };
}
