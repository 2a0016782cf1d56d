/**
 * Says when a request arrived, honestly. A single-threaded process sees a request only when it comes round to it; after
 * 100 ms of other work, ten requests look simultaneous though they came evenly. A beat every few ms shows how long we
 * looked away: what the event loop hands over now arrived after its previous poll, and the beat before the last one
 * always lies before that poll. In a healthy process the span is under 2 beats.
 */
import type { Arrival } from "./judge.ts";

const BEAT_MS = 5;

export type ArrivalClock = {
  stamp(): Arrival;
  /** The longest this process looked away since the last reset, in ms: how blunt the judge has been at worst. */
  maxLagMs(): number;
  reset(): void;
  stop(): void;
};

export function startArrivalClock(now: () => number): ArrivalClock {
  let last = now();
  let previous = last;
  let maxLag = 0;
  const timer = setInterval(() => {
    previous = last;
    last = now();
    maxLag = Math.max(maxLag, last - previous - BEAT_MS);
  }, BEAT_MS);
  timer.unref();
  return {
    stamp: () => ({ earliest: previous, at: now() }),
    maxLagMs: () => Math.round(maxLag),
    reset: () => {
      maxLag = 0;
    },
    stop: () => clearInterval(timer),
  };
}
