/** What is known of a file that is to be uploaded, and what a message with it does meanwhile. Pure. */

/** Times in milliseconds, by one clock of the caller's. */
export type KnownFile =
  | { kind: "busy"; since: number }
  | { kind: "uploaded"; id: string; until: number }
  /** Tried again after `until`; failures: in a row, the last one included. why null: it is in other hands. */
  | { kind: "failed"; why: string | null; until: number; failures: number }
  /** It would fail again; looked at once more after `until`, since its owner may mend it. */
  | { kind: "unusable"; why: string; until: number };

export type Asked =
  | { kind: "ready"; id: string }
  | { kind: "wait"; ms: number; why: string | null }
  | { kind: "unusable"; why: string };

const shortestWaitMs = 1_000;
const longestWaitMs = 10_000;

/** start: it is to be fetched now. */
export function askOf(known: KnownFile | undefined, now: number): { asked: Asked; start: boolean } {
  if (known?.kind === "busy") {
    // Each look costs a claim: the longer it has taken, the longer it may still take.
    const ms = Math.min(Math.max(now - known.since, shortestWaitMs), longestWaitMs);
    return { asked: { kind: "wait", ms, why: null }, start: false };
  }
  if (known === undefined || known.until <= now)
    return { asked: { kind: "wait", ms: shortestWaitMs, why: null }, start: true };
  switch (known.kind) {
    case "uploaded":
      return { asked: { kind: "ready", id: known.id }, start: false };
    case "unusable":
      return { asked: { kind: "unusable", why: known.why }, start: false };
    case "failed":
      return { asked: { kind: "wait", ms: known.until - now, why: known.why }, start: false };
  }
}

const firstRestMs = 2_000;
const longestRestMs = 300_000;

/** `failures` in a row, this one included; a wait that the provider named goes before ours. */
export function restMs(failures: number, namedMs: number | null): number {
  return Math.min(Math.max(namedMs ?? 0, firstRestMs * 2 ** Math.min(failures - 1, 10)), longestRestMs);
}

/**
 * The next of those that wait: the oldest of a tenant that has not its part of the places yet. A tenant whose server hangs
 * holds up its own files only.
 */
export function nextOf<Job extends { tenant: string }>(
  waiting: readonly Job[],
  running: readonly Job[],
  places: { all: number; perTenant: number },
): Job | null {
  if (running.length >= places.all) return null;
  const taken = new Map<string, number>();
  for (const { tenant } of running) taken.set(tenant, (taken.get(tenant) ?? 0) + 1);
  return waiting.find(({ tenant }) => (taken.get(tenant) ?? 0) < places.perTenant) ?? null;
}
