/** Rules for the worker. Postgres away stops the partition and not the process: the API beside it works on without. */
import { setTimeout as sleep } from "node:timers/promises";
import { isStoreUnavailable, type Sql, withTenants } from "@wamesh/store";
import type { Rule } from "./rule.ts";
import { rulesFor } from "./rules-store.ts";

const pauseMs = 500;

export function createRulesReader(deps: { sql: Sql; onError: (error: unknown) => void }) {
  return async (pairs: { tenant: string; type: string }[], signal: AbortSignal): Promise<Rule[]> => {
    const tenants = [...new Set(pairs.map(({ tenant }) => tenant))];
    for (;;) {
      try {
        return await withTenants(deps.sql, tenants, (tx) => rulesFor(tx, pairs));
      } catch (error) {
        if (!isStoreUnavailable(error)) throw error;
        deps.onError(error);
        await sleep(pauseMs, undefined, { signal });
      }
    }
  };
}
