/** What waits, as the dispatchers say it. Pure. */
import type { DispatchState } from "@wamesh/events";

export type Backlog = {
  queued: { otp: number; standard: number; bulk: number };
  /** How long the oldest waiting message has waited; null: nothing waits. */
  oldestWaitS: number | null;
};

/** `now` in epoch ms. */
export function backlogOf(states: Iterable<DispatchState>, now: number): Backlog {
  const queued = { otp: 0, standard: 0, bulk: 0 };
  let oldest: number | null = null;
  for (const state of states) {
    queued.otp += state.queued.otp;
    queued.standard += state.queued.standard;
    queued.bulk += state.queued.bulk;
    if (state.oldest_at !== null && (oldest === null || state.oldest_at < oldest)) oldest = state.oldest_at;
  }
  return { queued, oldestWaitS: waitS(oldest, now) };
}

export type SessionBacklog = {
  queued: number;
  effectivePerS: number | null;
  held: { reason: string; count: number }[];
};

export function backlogOfSession(states: Iterable<DispatchState>, session: string): SessionBacklog {
  const backlog: SessionBacklog = { queued: 0, effectivePerS: null, held: [] };
  const held = new Map<string, number>();
  for (const state of states) {
    for (const pace of state.sessions) {
      if (pace.session !== session) continue;
      backlog.queued += pace.queued;
      backlog.effectivePerS = (backlog.effectivePerS ?? 0) + pace.effective_per_s;
    }
    for (const one of state.held)
      if (one.session === session) held.set(one.reason, (held.get(one.reason) ?? 0) + one.messages);
  }
  backlog.held = [...held]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
  return backlog;
}

export function waitS(since: number | null, now: number): number | null {
  return since === null ? null : Math.max(0, Math.round((now - since) / 1_000));
}
