/** For how long a queue has neither been empty nor moved on. */
export function createStillness(): (queue: { rows: number; head: number; nowMs: number }) => number {
  let last: { head: number; sinceMs: number } | null = null;
  /** `head`: what is first in it, or how much has left it. Answers in seconds. */
  return ({ rows, head, nowMs }) => {
    if (rows === 0) last = null;
    else if (last === null || last.head !== head) last = { head, sinceMs: nowMs };
    return last === null ? 0 : (nowMs - last.sinceMs) / 1000;
  };
}
