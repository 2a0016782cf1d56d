/** How many requests a key may make: its plan's rate, shared by all processes through Redis; without Redis each has its share. */
import type { Limited } from "@wamesh/http";
import { problem } from "@wamesh/http";
import { type Budget, budgetOf, type Taken, take } from "./budget.ts";
import type { SharedBudgets } from "./shared-budgets.ts";

/** Of a key whose plan says nothing. */
export const defaultRequestsPerS = 500;

/** Twice a second's worth at once: clients come in waves. */
const burstS = 2;

export type RateDeps = {
  budgets: SharedBudgets;
  /** Null: the default. */
  requestsPerS(tenant: string): number | null;
  /** How many processes share the rate while Redis is away. */
  processes: number;
  nowMs: () => number;
  /** Told of each request that was judged without Redis. */
  onFallback: (error: unknown) => void;
};

/** Judges a request of this key; a batch is one request. */
export function createRequestRate(deps: RateDeps) {
  const own = new Map<string, number>();
  return async ({ keyId, actorTenant }: { keyId: string; actorTenant: string }): Promise<Limited> => {
    const perS = deps.requestsPerS(actorTenant) ?? defaultRequestsPerS;
    const budget = budgetOf(perS * burstS, burstS * 1000);
    const shared = await deps.budgets.take(actorTenant, [{ name: `requests:${keyId}`, ...budget }]);
    if (shared.kind !== "unknown") return judged(shared, perS);
    deps.onFallback(shared.error);
    const share = Math.max(1, Math.ceil(perS / deps.processes));
    return judged(takeOwn(own, keyId, budgetOf(share * burstS, burstS * 1000), deps.nowMs()), share);
  };
}

/** Keys that nobody used for the length of a budget are forgotten before the map becomes large. */
const mostKeys = 10_000;

function takeOwn(own: Map<string, number>, keyId: string, budget: Budget, nowMs: number): Taken {
  const nowUs = nowMs * 1000;
  const { taken, wholeAtUs } = take(budget, own.get(keyId) ?? 0, nowUs);
  own.set(keyId, wholeAtUs);
  if (own.size > mostKeys) for (const [key, whole] of own) if (whole <= nowUs) own.delete(key);
  return taken;
}

/** The headers of draft-ietf-httpapi-ratelimit-headers-10, as of 2026-11: what is left, and the policy. */
export function judged(taken: Taken | { kind: "refused"; retryAfterMs: number }, perS: number): Limited {
  const left = taken.kind === "taken" ? Math.max(0, taken.left) : 0;
  const waitMs = taken.kind === "taken" ? taken.wholeInMs : taken.retryAfterMs;
  const headers = {
    ratelimit: `"key";r=${left};t=${Math.ceil(waitMs / 1000)}`,
    "ratelimit-policy": `"key";q=${perS * burstS};w=${burstS}`,
  };
  if (taken.kind === "taken") return { headers, problem: null };
  const detail = `This key may make ${perS} requests per second.`;
  return { headers, problem: problem("rate_limited", { detail, retryAfterS: waitMs / 1000 }) };
}
