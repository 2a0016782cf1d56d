/** What this service counts; docs/metrics.md says what each means. */
import { counter, histogram, observe } from "@wamesh/metrics";
import { measureStore, type Sql } from "@wamesh/store";

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics() {
  const items = counter("callback_items_total");
  const refused = counter("callbacks_refused_total");
  const unknown = counter("callback_items_not_understood_total");
  const parked = counter("callback_items_parked_total");
  const durable = histogram("callback_durable_seconds");
  const understood = histogram("callback_understood_seconds");
  const attempts = counter("webhook_attempts_total");
  const durations = histogram("webhook_duration_seconds");
  return {
    item: (provider: string, kind: string, routed: boolean) => items.add(1, { provider, kind, routed }),
    refused: (provider: string, why: string) => refused.add(1, { provider, why }),
    notUnderstood: (provider: string, name: string) => unknown.add(1, { provider, name: name.slice(0, 64) }),
    parked: (count: number) => parked.add(count),
    durable: (provider: string, durationMs: number) => durable.observe(durationMs / 1000, { provider }),
    understood: (provider: string, durationMs: number) =>
      understood.observe(Math.max(0, durationMs) / 1000, { provider }),
    attempt(outcome: string, durationMs: number) {
      attempts.add(1, { outcome });
      durations.observe(durationMs / 1000);
    },
  };
}

export function observeDeliveries(inFlight: () => number): () => void {
  return observe((say) => say("webhook_in_flight", inFlight()));
}

type Parked = { parked: number; oldestS: number };
type Deliveries = {
  waiting: number;
  overdueS: number;
  active: number;
  failing: number;
  disabled: number;
};

/** So many of an endpoint at most: a backlog of millions is no reason to read millions of rows every five seconds. */
const countedPerEndpoint = 500;

/** What waits in the database. `sql` sees all tenants. */
export function measureWaiting(sql: Sql): { stop(): void } {
  return measureStore({
    async read() {
      const [[parked], [deliveries]] = await Promise.all([
        sql<Parked[]>`
          select count(*) as parked,
            coalesce(extract(epoch from clock_timestamp() - min(parked_at)), 0)::float8 as "oldestS" from parked`,
        sql<Deliveries[]>`
          select coalesce(sum(w.rows), 0)::float8 as waiting,
            coalesce(greatest(0, extract(epoch from
              clock_timestamp() - min(w.first_at) filter (where e.status = 'active'))), 0)::float8 as "overdueS",
            count(*) filter (where e.status = 'active' and e.failing_since is null) as active,
            count(*) filter (where e.status = 'active' and e.failing_since is not null) as failing,
            count(*) filter (where e.status = 'disabled') as disabled
          from endpoint e cross join lateral (
            select count(*) as rows, min(next_at) as first_at from (
              select next_at from delivery where endpoint = e.id and state = 'waiting'
              order by next_at limit ${countedPerEndpoint}) d) w`,
      ]);
      return { parked: parked!, deliveries: deliveries! };
    },
    say(say, { parked, deliveries }) {
      say("callback_items_parked", parked.parked);
      say("callback_items_parked_oldest_seconds", parked.oldestS);
      const { waiting, overdueS, ...endpoints } = deliveries;
      say("webhook_waiting", waiting);
      say("webhook_overdue_seconds", overdueS);
      for (const [state, count] of Object.entries(endpoints)) say("webhook_endpoints", count, { state });
    },
  });
}
