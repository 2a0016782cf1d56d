/**
 * Says when a request arrived, honestly. A single-threaded process sees a request only when it comes round to it; after
 * 100 ms of other work, ten requests look simultaneous though they came evenly. A beat every few ms shows how long we
 * looked away: what the event loop hands over now arrived after its previous poll, and the beat before the last one
 * always lies before that poll. For that, beats are taken right after a poll (setImmediate), at most one per turn of the
 * loop: many timers that are due at once would let an interval fire again and again without any poll in between. In a
 * healthy process the span is under 2 beats.
 *
 * A new connection takes two polls: it is accepted in the first and read in the second, with a beat in between. What was read
 * then may have waited since before the first. And only one connection is accepted per turn (libuv), so that of several which
 * came together the last may have waited since before the first was accepted.
 */
import type { Socket } from "node:net";
import type { Arrival } from "./judge.ts";

const BEAT_MS = 5;

export type ArrivalClock = {
  stamp(socket?: Socket): Arrival;
  /** To be called when a connection was accepted. */
  accepted(socket: Socket): void;
  /** The longest this process looked away since the last reset, in ms: how blunt the judge has been at worst. */
  maxLagMs(): number;
  reset(): void;
  stop(): void;
};

export function startArrivalClock(now: () => number): ArrivalClock {
  let last = now();
  let previous = last;
  let maxLag = 0;
  let beats = 0;
  const fresh = new WeakMap<Socket, { earliest: number; beats: number }>();
  let accepted: { earliest: number; beats: number } | null = null;
  let isDue = false;
  const beat = () => {
    isDue = false;
    previous = last;
    last = now();
    beats++;
    maxLag = Math.max(maxLag, last - previous - BEAT_MS);
  };
  const timer = setInterval(() => {
    if (isDue) return;
    isDue = true;
    setImmediate(beat);
  }, BEAT_MS);
  timer.unref();
  return {
    stamp(socket) {
      const opened = socket === undefined ? undefined : fresh.get(socket);
      if (socket !== undefined) fresh.delete(socket);
      // Later requests of a connection are as any other: only its first may have waited with it.
      const withIt = opened !== undefined && beats - opened.beats <= 1;
      return { earliest: withIt ? opened.earliest : previous, at: now() };
    },
    accepted: (socket) => {
      const earliest = accepted !== null && beats - accepted.beats <= 1 ? accepted.earliest : previous;
      accepted = { earliest, beats };
      fresh.set(socket, accepted);
    },
    maxLagMs: () => Math.round(maxLag),
    reset: () => {
      maxLag = 0;
    },
    stop: () => clearInterval(timer),
  };
}
