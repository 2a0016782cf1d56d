import type { Say } from "@wamesh/metrics";
import { outcomes, successRatio } from "./outcomes.ts";
import type { TenantFigures } from "./series.ts";

/** The series of one tenant, or of all others together. */
export function sayTenant(
  say: Say,
  { tenant, messages, webhooks, lastHour, sessions, ...now }: TenantFigures,
): void {
  for (const outcome of outcomes) say("tenant_messages_total", messages[outcome], { tenant, outcome });
  for (const [outcome, calls] of Object.entries(webhooks))
    say("tenant_webhooks_total", calls, { tenant, outcome });
  for (const [status, count] of Object.entries(sessions)) say("tenant_sessions", count, { tenant, status });
  say("tenant_waiting", now.waiting, { tenant });
  say("tenant_oldest_waiting_seconds", now.oldestS, { tenant });
  say("tenant_in_doubt", now.inDoubt, { tenant });
  const ratio = successRatio(lastHour);
  if (ratio !== null) say("tenant_success_ratio", ratio, { tenant });
}
