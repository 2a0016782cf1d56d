/** What this service counts. No tenants in labels: per-tenant figures come from the read model. */
import type { Meter } from "@opentelemetry/api";

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics(meter: Meter) {
  const items = meter.createCounter("callback_items_total", { description: "Items of callbacks taken in" });
  const refused = meter.createCounter("callbacks_refused_total", {
    description: "Callbacks not taken in, by provider and reason",
  });
  const unknown = meter.createCounter("callback_items_not_understood_total", {
    description: "Things that callbacks said and nobody understood, or nothing followed from",
  });
  const parked = meter.createCounter("callback_items_parked_total", {
    description: "Things that waited for a reference or an owner",
  });
  const attempts = meter.createCounter("webhook_attempts_total", {
    description: "Calls of tenants' endpoints",
  });
  const durations = meter.createHistogram("webhook_duration_seconds", {
    description: "Duration of calls of tenants' endpoints",
    advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15] },
  });
  return {
    item: (provider: string, kind: string, routed: boolean) => items.add(1, { provider, kind, routed }),
    refused: (provider: string, why: string) => refused.add(1, { provider, why }),
    notUnderstood: (provider: string, name: string) => unknown.add(1, { provider, name: name.slice(0, 64) }),
    parked: (count: number) => parked.add(count),
    attempt(outcome: string, durationMs: number) {
      attempts.add(1, { outcome });
      durations.record(durationMs / 1000);
    },
    /** Asked for at each scrape. */
    gauge(name: string, description: string, value: () => number) {
      meter.createObservableGauge(name, { description }).addCallback((result) => result.observe(value()));
    },
  };
}
