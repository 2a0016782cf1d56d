/** Budgets that all processes share, in Redis. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Redis } from "../redis.ts";
import type { Budget } from "./budget.ts";

const script = readFileSync(join(import.meta.dirname, "take.lua"), "utf8");

export type NamedBudget = Budget & { name: string };

export type SharedTaken =
  | { kind: "taken"; left: number; wholeInMs: number }
  | { kind: "refused"; by: string; retryAfterMs: number }
  /** Redis is away. */
  | { kind: "unknown"; error: unknown };

/** Budgets of one tenant; those named together in one call lie in one slot, should Redis be a cluster. */
export type SharedBudgets = {
  /** From all of them or from none; `once`: what for, so that a repeat within `onceMs` costs nothing. */
  take(
    tenant: string,
    budgets: readonly NamedBudget[],
    once?: { mark: string; onceMs: number },
  ): Promise<SharedTaken>;
};

export function createSharedBudgets(redis: Pick<Redis, "run">): SharedBudgets {
  return {
    async take(tenant, budgets, once) {
      const key = (name: string) => `wamesh:limit:{${tenant}}:${name}`;
      const keys = [...(once === undefined ? [] : [once.mark]), ...budgets.map(({ name }) => name)].map(key);
      const args = [
        once?.onceMs ?? 0,
        ...budgets.flatMap(({ intervalUs, burst }) => [Math.ceil(intervalUs), burst]),
      ];
      try {
        const [refusedBy, first, second] = (await redis.run(script, keys, args)) as [number, number, number];
        return refusedBy === 0
          ? { kind: "taken", left: first, wholeInMs: second / 1000 }
          : { kind: "refused", by: budgets[refusedBy - 1]!.name, retryAfterMs: first / 1000 };
      } catch (error) {
        return { kind: "unknown", error };
      }
    },
  };
}
