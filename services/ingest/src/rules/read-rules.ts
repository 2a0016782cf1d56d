/** Rules for the worker. Postgres away stops the partition and not the process: the API beside it works on without. */
import { setTimeout as sleep } from "node:timers/promises";
import { isStoreUnavailable, type Sql, withTenants } from "@wamesh/store";
import type { Rule } from "./rule.ts";
import { calledOffBy, rulesFor } from "./rules-store.ts";

const pauseMs = 500;

/** `heard`: the event type that calls steps of this version off. */
export type RulesRead = { rules: Rule[]; calledOff: (Rule & { heard: string })[] };

export function createRulesReader(deps: { sql: Sql; onError: (error: unknown) => void }) {
  return async (pairs: { tenant: string; type: string }[], signal: AbortSignal): Promise<RulesRead> => {
    const tenants = [...new Set(pairs.map(({ tenant }) => tenant))];
    for (;;) {
      try {
        return await withTenants(deps.sql, tenants, async (tx) => {
          const [rules, calledOff] = await Promise.all([rulesFor(tx, pairs), calledOffBy(tx, pairs)]);
          return { rules, calledOff };
        });
      } catch (error) {
        if (!isStoreUnavailable(error)) throw error;
        deps.onError(error);
        await sleep(pauseMs, undefined, { signal });
      }
    }
  };
}
