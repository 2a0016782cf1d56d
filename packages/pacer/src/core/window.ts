/**
 * The next items of one (member, lane, stream), ids only. Memory follows activity, not backlog: a window is refilled from the
 * store when less than half full. Everything up to `after` has been looked at; what was not eligible then is offered again
 * when that changes. `more` says that the store may hold eligible items beyond.
 */
import type { Hold } from "../item.ts";
import type { Head, Place, WindowKey } from "../store.ts";
import type { StreamPace } from "./stream-pace.ts";

export type Window = WindowKey & {
  tenant: string;
  /** In order of their places. */
  heads: Head[];
  size: number;
  after: Place;
  more: boolean;
  refilling: boolean;
  /** The first place that came up while a refill was under way, which may have missed it. */
  missed: Place | null;
  /** Items of it in the store, the claimed ones included. */
  backlog: number;
  /** What its user says of its stream; null: its items may leave. */
  hold: Hold | null;
  /** Of its stream over all members; null: as its members may. */
  pace: StreamPace | null;
};

export const beforeAll: Place = { place: -1, offset: -1 };

export function newWindow(
  key: WindowKey & { tenant: string },
  backlog: number,
  hold: Hold | null = null,
  pace: StreamPace | null = null,
): Window {
  return {
    ...key,
    heads: [],
    size: leastSize,
    after: beforeAll,
    more: backlog > 0,
    refilling: false,
    missed: null,
    backlog,
    hold,
    pace,
  };
}

const leastSize = 16;
const greatestSize = 1000;

/** Of all windows of a process, about: 250 bytes each. */
const headsInMemory = 100_000;

/**
 * Two seconds of the member's rate; less among so many members that they can't all be sent at their rates anyway, and that
 * much would be the backlog.
 */
export function windowSize(ratePerS: number, members: number): number {
  const share = Math.floor(headsInMemory / Math.max(1, members));
  return Math.max(leastSize, Math.min(greatestSize, share, Math.ceil(2 * ratePerS)));
}

export function isBefore(a: Place, b: Place): boolean {
  return a.place < b.place || (a.place === b.place && a.offset < b.offset);
}

/** How many to ask the store for; 0 when there is no need. */
export function wanted(window: Window): number {
  if (!window.more || window.refilling || window.heads.length * 2 >= window.size) return 0;
  return window.size - window.heads.length;
}

/** A claimable item came up. True when the window took it; otherwise the store will be asked for it again. */
export function offer(window: Window, head: Head): boolean {
  if (!window.more && !window.refilling && window.heads.length < window.size) {
    insert(window, head);
    return true;
  }
  lookAgain(window, head);
  return false;
}

/** Takes it whatever the size: for the successor of one that has left. */
export function insert(window: Window, head: Head): void {
  let at = window.heads.length;
  while (at > 0 && isBefore(head, window.heads[at - 1]!)) at--;
  window.heads.splice(at, 0, head);
  if (!window.more && !window.refilling && isBefore(window.after, head))
    window.after = { place: head.place, offset: head.offset };
}

/** The store has something at this place that the window does not hold. */
export function lookAgain(window: Window, at: Place): void {
  window.more = true;
  const justBefore = { place: at.place, offset: at.offset - 1 };
  if (window.refilling) {
    if (window.missed === null || isBefore(justBefore, window.missed)) window.missed = justBefore;
  } else if (isBefore(justBefore, window.after)) window.after = justBefore;
}

/** The store's answer to a wish for `limit`; `fresh` are the heads that are not in hand already. */
export function refilled(
  window: Window,
  answer: { scanned: number; reached: Place | null; fresh: readonly Head[] },
  limit: number,
): void {
  window.refilling = false;
  if (answer.reached !== null && isBefore(window.after, answer.reached)) window.after = answer.reached;
  window.more = answer.scanned >= limit;
  for (const head of answer.fresh) insert(window, head);
  if (window.missed !== null) {
    const { missed } = window;
    window.missed = null;
    window.more = true;
    if (isBefore(missed, window.after)) window.after = missed;
  }
}

export function take(window: Window): Head | undefined {
  return window.heads.shift();
}

export function remove(window: Window, id: string): void {
  const at = window.heads.findIndex((head) => head.id === id);
  if (at >= 0) window.heads.splice(at, 1);
}
