/** How often one number may write to one person, by provider: a message per interval, `burst` at once borrowed from the future. */
import limits from "./pair-limits.json" with { type: "json" };
import type { ProviderName } from "./send.ts";

export type PairLimit = { intervalMs: number; burst: number };

const { interval_ms: intervalMs, burst } = limits.cloud_api;

/** Null: the provider has none. */
export const pairLimits: Record<ProviderName, PairLimit | null> = {
  cloud_api: { intervalMs, burst },
  wasender: limits.wasender,
};
