/** How a rule reads in answers. */
import { z } from "@hono/zod-openapi";
import { ruleShape } from "../rules/rule.ts";
import type { Changed } from "../rules/rule-changes.ts";
import type { RuleVersion, StoredRule } from "../rules/rules-store.ts";

const shape = {
  id: z.string(),
  version: z.int(),
  state: z.enum(["active", "paused"]),
  ...ruleShape,
  created_at: z.iso.datetime(),
  changed_at: z.iso.datetime(),
};

export const ruleView = z.object(shape).openapi("Rule");

const warning = z.object({ field: z.string(), problem: z.string(), remedy: z.string() });

export const changedView = z
  .object({ ...shape, warnings: z.array(warning).describe("What could not be checked, or may not work.") })
  .openapi("ChangedRule");

export const versionView = z
  .object({ version: z.int(), ...ruleShape, changed_by: z.string(), changed_at: z.iso.datetime() })
  .openapi("RuleVersion");

export const ruleParams = z.strictObject({ id: z.string().min(1).max(64) });
export const versionParams = ruleParams.extend({
  version: z.coerce.number().int().min(1).max(2_147_483_646).openapi({ type: "integer" }),
});

export function viewRule({ tenant: _, created_at, changed_at, ...rule }: StoredRule) {
  return { ...rule, created_at: created_at.toISOString(), changed_at: changed_at.toISOString() };
}

export function viewChanged({ rule, warnings }: Changed) {
  return { ...viewRule(rule), warnings };
}

export function viewVersion({ version, definition, changed_by, changed_at }: RuleVersion) {
  return { version, ...definition, changed_by, changed_at: changed_at.toISOString() };
}
