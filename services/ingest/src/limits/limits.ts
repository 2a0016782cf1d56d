/** The limits of the API, put together: what a plan says, what is counted in Redis, what waits in the dispatcher. */
import type { Plan } from "@wamesh/events";
import { counter } from "@wamesh/metrics";
import type { Redis } from "../redis.ts";
import type { Limits } from "./admit.ts";
import { createOtpGuard, otpDefaults } from "./otp-guard.ts";
import type { QueueQuota } from "./queue-quota.ts";
import { createRequestRate } from "./request-rate.ts";
import { createSharedBudgets } from "./shared-budgets.ts";

export function createLimits(deps: {
  redis: Pick<Redis, "run">;
  planOf(tenant: string): Plan | null;
  quota: QueueQuota;
  /** How many processes answer HTTP. */
  processes: number;
  nowMs: () => number;
}): { limits: Limits; limit: ReturnType<typeof createRequestRate> } {
  const { planOf, nowMs } = deps;
  const refused = counter("intake_refused_total");
  const unchecked = counter("intake_unchecked_total");
  const budgets = createSharedBudgets(deps.redis);
  const judge = createRequestRate({
    budgets,
    requestsPerS: (tenant) => planOf(tenant)?.requests_per_s ?? null,
    processes: deps.processes,
    nowMs,
    onFallback: () => unchecked.add(1, { what: "request" }),
  });
  return {
    async limit(caller) {
      const judged = await judge(caller);
      if (judged.problem !== null) refused.add(1, { by: "requests" });
      return judged;
    },
    limits: {
      quota: deps.quota,
      otp: createOtpGuard({
        budgets,
        limitsOf: (tenant) => ({
          perRecipient: planOf(tenant)?.otp_per_recipient ?? otpDefaults.perRecipient,
          perPrefix: planOf(tenant)?.otp_per_prefix ?? otpDefaults.perPrefix,
        }),
        onUnchecked: () => unchecked.add(1, { what: "otp" }),
      }),
      mayUseBulk: (tenant) => planOf(tenant)?.bulk ?? true,
      onRefused: (by) => refused.add(1, { by }),
    },
  };
}
