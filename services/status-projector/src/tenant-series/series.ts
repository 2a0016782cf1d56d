/** What of the tenants is served: a few by name, the rest as one. Pure, but for what it remembers. */
import { busiest } from "./busiest.ts";
import { createHistory } from "./history.ts";
import { growth, none, plus, type Totals } from "./outcomes.ts";

/** What is known of one tenant at a look. */
export type TenantLook = {
  totals: Totals;
  /** Calls of its endpoints since the last look, by outcome. */
  webhooks: Readonly<Record<string, number>>;
  waiting: number;
  oldestS: number;
  inDoubt: number;
  sessions: Readonly<Record<string, number>>;
};

export type TenantFigures = {
  tenant: string;
  /** Counted since this process began to look. */
  messages: Totals;
  webhooks: Readonly<Record<string, number>>;
  lastHour: Totals;
  waiting: number;
  oldestS: number;
  inDoubt: number;
  sessions: Readonly<Record<string, number>>;
};

export const other = "other";

type Counted = { messages: Totals; webhooks: Record<string, number> };

export function createTenantSeries(most: number) {
  const history = createHistory();
  const counted = new Map<string, Counted>();
  let named: ReadonlySet<string> = new Set();
  let last: ReadonlyMap<string, Totals> | null = null;

  function count(as: string, messages: Totals, webhooks: Readonly<Record<string, number>>): void {
    const known = counted.get(as) ?? { messages: none, webhooks: {} };
    counted.set(as, { messages: plus(known.messages, messages), webhooks: added(known.webhooks, webhooks) });
  }

  return (
    looks: ReadonlyMap<string, TenantLook>,
    nowMs: number,
  ): { figures: TenantFigures[]; others: number } => {
    const totals = new Map([...looks].map(([tenant, look]) => [tenant, look.totals]));
    history.note({ atMs: nowMs, totals });
    const lastHours = new Map([...totals].map(([tenant, now]) => [tenant, history.since(tenant, now)]));
    const activity = [...totals].map(([tenant, { accepted }]) => {
      const lastHour = lastHours.get(tenant)!.accepted;
      return [tenant, { lastHour, ever: accepted }] as const;
    });
    named = busiest(new Map(activity), named, most);
    const figures = new Map<string, TenantFigures>();
    for (const [tenant, look] of looks) {
      // Counted as what the tenant is now: a counter of one that is no longer named stands still, and never falls.
      const as = named.has(tenant) ? tenant : other;
      if (last !== null) count(as, growth(last.get(tenant) ?? none, look.totals), look.webhooks);
      const into = figures.get(as) ?? { ...empty, tenant: as };
      figures.set(as, {
        ...into,
        lastHour: plus(into.lastHour, lastHours.get(tenant)!),
        waiting: into.waiting + look.waiting,
        oldestS: Math.max(into.oldestS, look.oldestS),
        inDoubt: into.inDoubt + look.inDoubt,
        sessions: added(into.sessions, look.sessions),
      });
    }
    last = totals;
    return {
      figures: [...figures.values()].map((one) => ({ ...one, ...counted.get(one.tenant) })),
      others: looks.size - named.size,
    };
  };
}

const empty = {
  messages: none,
  webhooks: {},
  lastHour: none,
  waiting: 0,
  oldestS: 0,
  inDoubt: 0,
  sessions: {},
};

function added(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> {
  const sum = { ...a };
  for (const [name, value] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + value;
  return sum;
}
