/**
 * The tenants' series: read from the read model and from what the dispatchers say, by one process at a time, so that each is
 * served once.
 */
import { observe } from "@wamesh/metrics";
import { keepLease, type Sql, withTenants } from "@wamesh/store";
import { backlogOf } from "../backlog.ts";
import type { DispatchStates } from "../dispatch-states.ts";
import { totalsOf } from "./outcomes.ts";
import { sayTenant } from "./say-tenant.ts";
import { createTenantSeries, other, type TenantFigures, type TenantLook } from "./series.ts";

export type TenantSeriesDeps = {
  sql: Sql;
  dispatch: DispatchStates;
  owner: string;
  /** How many tenants have series of their own. */
  most: number;
  now: () => number;
  log: { warn(facts: object, message: string): void };
  everyMs?: number;
};

const leaseMs = 45_000;
/** Deliveries are told by when they happened, and folded a moment later. */
const foldedMs = 30_000;

export function serveTenantSeries(deps: TenantSeriesDeps): { stop(): Promise<void> } {
  const { sql, now, log, everyMs = 15_000 } = deps;
  let series = createTenantSeries(deps.most);
  let told: { figures: TenantFigures[]; others: number } | null = null;
  let readTo = now() - foldedMs;
  const lease = keepLease({
    sql,
    name: "tenant_series",
    owner: deps.owner,
    ttlMs: leaseMs,
    onAcquired: () => void look(),
    onError: (err) => log.warn({ err }, "the lease of the tenants' series can't be kept"),
  });
  let looking: Promise<void> = Promise.resolve();
  const timer = setInterval(look, everyMs);
  timer.unref();

  function look(): void {
    looking = looking.then(lookNow).catch((err: unknown) => log.warn({ err }, "tenants can't be counted"));
  }

  async function lookNow(): Promise<void> {
    if (lease.held(0) === null) {
      // What another process counts meanwhile is not ours to count once more.
      if (told !== null) series = createTenantSeries(deps.most);
      told = null;
      readTo = now() - foldedMs;
      return;
    }
    const to = now() - foldedMs;
    told = series(await readTenants(deps, { from: readTo, to }), now());
    readTo = to;
  }

  const unobserve = observe((say) => {
    if (told === null || lease.held(0) === null) return;
    for (const figures of told.figures) sayTenant(say, figures);
    say("tenant_series", told.figures.filter(({ tenant }) => tenant !== other).length, { kind: "named" });
    say("tenant_series", told.others, { kind: "other" });
  });
  return {
    async stop() {
      clearInterval(timer);
      unobserve();
      await looking;
      await lease.stop();
    },
  };
}

type Counted = { tenant: string; name: string; count: number };

async function readTenants(
  { sql, dispatch, now }: Pick<TenantSeriesDeps, "sql" | "dispatch" | "now">,
  deliveries: { from: number; to: number },
): Promise<Map<string, TenantLook>> {
  const [from, to] = [new Date(deliveries.from), new Date(deliveries.to)];
  const [counters, sessions, webhooks] = await withTenants(sql, "all", (tx) =>
    Promise.all([
      tx<Counted[]>`select tenant, name, value as count from tenant_counter`,
      tx<Counted[]>`
        select tenant, status as name, count(*) from session where status <> 'deleted' group by tenant, status`,
      // By the index of each tenant: there is none by time alone.
      tx<Counted[]>`
        select t.tenant, d.outcome as name, count(*) from tenant t cross join lateral (
          select outcome from webhook_delivery
          where tenant = t.tenant and occurred_at > ${from} and occurred_at <= ${to}) d
        group by t.tenant, d.outcome`,
    ]),
  );
  const [counts, connected, called] = [counters, sessions, webhooks].map(byTenant) as [Names, Names, Names];
  const tenants = new Set([...counts.keys(), ...connected.keys()]);
  return new Map(
    [...tenants].map((tenant): [string, TenantLook] => {
      const states = [...dispatch.of(tenant)];
      const { queued, oldestWaitS } = backlogOf(states, now());
      return [
        tenant,
        {
          totals: totalsOf(counts.get(tenant) ?? {}),
          webhooks: called.get(tenant) ?? {},
          waiting: queued.otp + queued.standard + queued.bulk,
          oldestS: oldestWaitS ?? 0,
          inDoubt: states.reduce((sum, state) => sum + state.in_doubt, 0),
          sessions: connected.get(tenant) ?? {},
        },
      ];
    }),
  );
}

type Names = Map<string, Record<string, number>>;

function byTenant(rows: readonly Counted[]): Names {
  const found: Names = new Map();
  for (const { tenant, name, count } of rows) {
    const values = found.get(tenant) ?? {};
    values[name] = count;
    found.set(tenant, values);
  }
  return found;
}
