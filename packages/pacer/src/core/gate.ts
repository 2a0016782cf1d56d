/**
 * One in flight per conversation. The gate is a property of the store: only the first item of a conversation is ever a head,
 * and a claimed, retried or doubted item stays first until it has ended. So the gate holds across crashes with nothing to
 * rebuild. What is left to do here: when an item ends, its successor is to be looked up, and an admission that is under way
 * at that moment may hide one (it saw the predecessor; the look-up did not see it).
 */
import type { Gate } from "../store.ts";

export type GateWatch = {
  /** Conversations whose next item is wanted, by key. */
  wanted: Map<string, Gate>;
  /** Per admission under way: the conversations that moved on since it began. */
  moved: Map<number, Set<string>>;
};

export function newGateWatch(): GateWatch {
  return { wanted: new Map(), moved: new Map() };
}

export function admissionBegins(watch: GateWatch, token: number): void {
  watch.moved.set(token, new Set());
}

/** `behind` are the admitted items that stood behind another of their conversation. */
export function admissionEnds(watch: GateWatch, token: number, behind: readonly Gate[]): void {
  const moved = watch.moved.get(token);
  watch.moved.delete(token);
  for (const gate of behind) {
    const key = keyOf(gate);
    if (moved?.has(key)) watch.wanted.set(key, gate);
  }
}

export function itemEnded(watch: GateWatch, gate: Gate): void {
  if (gate.lane === "otp") return;
  const key = keyOf(gate);
  watch.wanted.set(key, gate);
  for (const moved of watch.moved.values()) moved.add(key);
}

/** Takes up to `limit` of the wanted. */
export function takeWanted(watch: GateWatch, limit: number): Gate[] {
  const taken: Gate[] = [];
  for (const [key, gate] of watch.wanted) {
    if (taken.length >= limit) break;
    taken.push(gate);
    watch.wanted.delete(key);
  }
  return taken;
}

function keyOf({ lane, conversation }: Gate): string {
  return `${lane} ${conversation}`;
}
