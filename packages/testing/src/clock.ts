/** Time that stands still until a test moves it. */
export type Clock = {
  /** Milliseconds since 1970; hand it on as `now`. */
  now: () => number;
  advance(ms: number): void;
};

export function testClock(startMs = Date.UTC(2026, 0, 1)): Clock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance(ms) {
      nowMs += ms;
    },
  };
}
