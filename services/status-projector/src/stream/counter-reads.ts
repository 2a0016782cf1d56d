/** Counters of the tenants that are watched: at most once a second each, and only what has changed. */
import type { Sql } from "@wamesh/store";
import { type Counters, countersOf } from "../counters.ts";
import { readCountersOf, readTotals } from "../reads/counters.ts";

export type CounterReads = {
  /** `moved`: their messages changed. `fresh`: somebody just came who has seen none. */
  read(asked: {
    tenants: readonly string[];
    moved: ReadonlySet<string>;
    fresh: ReadonlySet<string>;
  }): Promise<Map<string, Counters>>;
  forget(tenant: string): void;
};

const everyMs = 1_000;

/** The operator's own tenant is shown the totals of all, as by GET /v1/status/counters. */
export function createCounterReads(deps: {
  sql: Sql;
  isOperator: (tenant: string) => boolean;
  /** Monotonic, ms. */
  elapsedMs: () => number;
}): CounterReads {
  const { sql, isOperator, elapsedMs } = deps;
  const told = new Map<string, string>();
  const due = new Set<string>();
  let readMs = Number.NEGATIVE_INFINITY;

  async function valuesOf(tenants: readonly string[]): Promise<Map<string, Record<string, number>>> {
    const operators = tenants.filter(isOperator);
    const others = tenants.filter((tenant) => !isOperator(tenant));
    const values = others.length === 0 ? new Map() : await readCountersOf(sql, others);
    const totals = operators.length === 0 ? {} : await readTotals(sql);
    for (const tenant of operators) values.set(tenant, totals);
    return values;
  }

  return {
    async read({ tenants, moved, fresh }) {
      for (const tenant of tenants)
        if (moved.has(tenant) || fresh.has(tenant) || isOperator(tenant)) due.add(tenant);
      const isDue = elapsedMs() - readMs >= everyMs;
      const asked = isDue ? [...due] : [...fresh];
      if (asked.length === 0) return new Map();
      const values = await valuesOf(asked);
      if (isDue) readMs = elapsedMs();
      const news = new Map<string, Counters>();
      for (const tenant of asked) {
        due.delete(tenant);
        const counters = countersOf(values.get(tenant) ?? {});
        const text = JSON.stringify(counters);
        if (told.get(tenant) === text && !fresh.has(tenant)) continue;
        told.set(tenant, text);
        news.set(tenant, counters);
      }
      return news;
    },
    forget(tenant) {
      told.delete(tenant);
      due.delete(tenant);
    },
  };
}
