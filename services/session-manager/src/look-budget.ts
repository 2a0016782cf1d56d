/** Which of the sessions that are due are looked at now, so that no account's provider is asked more often than it likes. Pure. */
import type { Provider } from "@wamesh/events";
import data from "./look-budget.json" with { type: "json" };

export type Budget = { perMinute: number /** after a pause */; atOnce: number };
export type Budgets = Record<Exclude<Provider, "UNKNOWN">, Budget>;

export const budgets: Budgets = {
  cloud_api: { perMinute: data.providers.cloud_api.per_minute, atOnce: data.providers.cloud_api.at_once },
  wasender: { perMinute: data.providers.wasender.per_minute, atOnce: data.providers.wasender.at_once },
};

export type Due = { session: string; account: string; provider: keyof Budgets };

export type Granted = {
  now: string[];
  /** When to ask again, epoch ms: each in a slot of its own and anywhere in it, so that nothing comes back in step. */
  later: { session: string; atMs: number }[];
  /** Per account, as given, moved by what was granted. */
  freeAtMs: Map<string, number>;
};

/**
 * A GCRA per account: each look moves the account's time on by 60 s / perMinute, and may run ahead of the clock by what is
 * allowed at once. `random` in [0, 1). Due sessions are served in the order given.
 */
export function grant(
  due: readonly Due[],
  freeAtMs: ReadonlyMap<string, number>,
  nowMs: number,
  random: () => number,
  budget: Budgets = budgets,
): Granted {
  const granted: Granted = { now: [], later: [], freeAtMs: new Map() };
  const waiting = new Map<string, number>();
  for (const { session, account, provider } of due) {
    const { perMinute, atOnce } = budget[provider];
    const slotMs = 60_000 / perMinute;
    const free = granted.freeAtMs.get(account) ?? freeAtMs.get(account) ?? 0;
    const aheadMs = (atOnce - 1) * slotMs;
    if (free - aheadMs <= nowMs) {
      granted.freeAtMs.set(account, Math.max(free, nowMs) + slotMs);
      granted.now.push(session);
    } else {
      const before = waiting.get(account) ?? 0;
      waiting.set(account, before + 1);
      granted.later.push({ session, atMs: Math.ceil(free - aheadMs + (before + random()) * slotMs) });
    }
  }
  return granted;
}
