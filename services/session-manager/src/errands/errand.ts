/** When work at a provider is tried again, and when it is left to people. Pure. */
export type ErrandKind = "create" | "connect" | "remove" | "onboard";

/** How a try ended. `done` ends the errand unless it says when to go on. */
export type Ended =
  | { kind: "done" }
  | { kind: "refused"; detail: string }
  | { kind: "again"; detail: string; retryAfterMs: number | null };

export type Next =
  | { kind: "again"; inMs: number }
  /** Somebody has to change something first. */
  | { kind: "stopped" }
  | { kind: "given_up" };

const firstMs = 5_000;
const mostMs: Record<ErrandKind, number> = {
  create: 10 * 60_000,
  // A phone that is off comes back any time; asking twice an hour is no burden.
  connect: 30 * 60_000,
  remove: 60 * 60_000,
  onboard: 10 * 60_000,
};
/** A refused removal is asked again for a week: a token may be renewed. Then the credentials must go. */
const removalRefusedMs = 7 * 24 * 3_600_000;

/** Before try number `tries` + 1; `random` in [0, 1) gives 0.8 to 1.2 of the wait. */
export function waitMs(kind: ErrandKind, tries: number, random: number): number {
  const base = Math.min(firstMs * 2 ** Math.min(Math.max(tries - 1, 0), 20), mostMs[kind]);
  return Math.round(base * (0.8 + 0.4 * random));
}

/** After a failed try: `tries` counts it. */
export function nextTry(
  errand: { kind: ErrandKind; tries: number; begunMs: number },
  ended: Exclude<Ended, { kind: "done" }>,
  nowMs: number,
  random: number,
): Next {
  const again: Next = { kind: "again", inMs: waitMs(errand.kind, errand.tries, random) };
  if (ended.kind === "again") return { ...again, inMs: Math.max(again.inMs, ended.retryAfterMs ?? 0) };
  if (errand.kind !== "remove") return { kind: "stopped" };
  return nowMs - errand.begunMs < removalRefusedMs ? again : { kind: "given_up" };
}
