/** How a rule reads in answers. */
import { z } from "@hono/zod-openapi";
import { ruleDefinition } from "../rules/rule.ts";
import type { StoredRule } from "../rules/rules-store.ts";

export const ruleView = z
  .object({
    id: z.string(),
    version: z.int(),
    ...ruleDefinition.shape,
    created_at: z.iso.datetime(),
    changed_at: z.iso.datetime(),
  })
  .openapi("Rule");

export const ruleParams = z.strictObject({ id: z.string().min(1).max(64) });

export function viewRule({ id, version, name, event_type, message, ...times }: StoredRule) {
  return {
    id,
    version,
    name,
    event_type,
    message,
    created_at: times.created_at.toISOString(),
    changed_at: times.changed_at.toISOString(),
  };
}
