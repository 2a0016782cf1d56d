/** Changing rules: the row, its new version and the audit entry in one transaction. What commits is told, what does not never was. */
import type { AuditEntry } from "@wamesh/events";
import { type Caller, problem } from "@wamesh/http";
import { enqueue, type Sql, type Tx, withTenants } from "@wamesh/store";
import type { World } from "../decide.ts";
import { shapeProblem } from "../problems.ts";
import type { Records } from "../records.ts";
import { checkRule, type Warning } from "./check-rule.ts";
import { toldOfEnd } from "./keep-steps.ts";
import { type RuleDefinition, ruleDefinition } from "./rule.ts";
import {
  countOthers,
  createRule,
  deleteRule,
  findRule,
  listVersions,
  type RuleState,
  replaceRule,
  type StoredRule,
  setRuleState,
} from "./rules-store.ts";
import { endRule, holdSteps } from "./step-store.ts";

export type RuleDeps = {
  sql: Sql;
  world: World;
  records: Records;
  now: () => number;
  /** An id that sorts by time, for audit entries. */
  newId: () => string;
  /** `rul_` and 20 characters. */
  newRuleId: () => string;
};

/** Of one event type; paused ones count. */
const mostOfType = 20;

export type Changed = { rule: StoredRule; warnings: Warning[] };

export async function addRule(deps: RuleDeps, caller: Caller, definition: RuleDefinition): Promise<Changed> {
  const warnings = checkRule(deps.world, caller.tenant, definition);
  const rule = await withTenants(deps.sql, [caller.tenant], async (tx) => {
    const id = deps.newRuleId();
    await checkCount(tx, caller.tenant, id, definition);
    const rule = await createRule(tx, { id, tenant: caller.tenant, definition, by: caller.keyId });
    await audit(deps, tx, caller, "rule.created", id, { version: rule.version, definition });
    return rule;
  });
  return { rule, warnings };
}

/** Steps that wait stay as the version before made them. Throws not_found for a rule that the tenant does not have. */
export async function changeRule(
  deps: RuleDeps,
  caller: Caller,
  id: string,
  definition: RuleDefinition,
): Promise<Changed> {
  const warnings = checkRule(deps.world, caller.tenant, definition);
  const rule = await withTenants(deps.sql, [caller.tenant], async (tx) => {
    await checkCount(tx, caller.tenant, id, definition);
    const rule = await replaceRule(tx, { id, tenant: caller.tenant, definition, by: caller.keyId });
    if (rule === undefined) throw problem("not_found");
    await audit(deps, tx, caller, "rule.changed", id, { version: rule.version, definition });
    return rule;
  });
  return { rule, warnings };
}

/** What an older version said becomes the newest. Throws not_found for a rule or version that the tenant does not have. */
export async function restoreRule(
  deps: RuleDeps,
  caller: Caller,
  id: string,
  version: number,
): Promise<Changed> {
  const found = await withTenants(deps.sql, [caller.tenant], (tx) =>
    listVersions(tx, caller.tenant, id, version + 1, 1),
  );
  if (found[0]?.version !== version) throw problem("not_found");
  // Parsed anew: what is accepted may have changed since it was saved.
  const parsed = ruleDefinition.safeParse(found[0].definition);
  if (!parsed.success) throw shapeProblem(parsed.error, "", "invalid_body");
  return changeRule(deps, caller, id, parsed.data);
}

/** A paused rule makes nothing of new events, and its waiting steps wait on. Throws not_found for a rule that the tenant does not have. */
export async function pauseRule(
  deps: RuleDeps,
  caller: Caller,
  id: string,
  state: RuleState,
): Promise<StoredRule> {
  const { tenant } = caller;
  return withTenants(deps.sql, [tenant], async (tx) => {
    if (!(await setRuleState(tx, tenant, id, state))) throw problem("not_found");
    await holdSteps(tx, tenant, id, state === "paused");
    await audit(deps, tx, caller, state === "paused" ? "rule.paused" : "rule.resumed", id, {});
    return (await findRule(tx, tenant, id))!;
  });
}

/** Its waiting steps are called off. Throws not_found for a rule that the tenant does not have. */
export async function removeRule(deps: RuleDeps, caller: Caller, id: string): Promise<void> {
  const { tenant } = caller;
  await withTenants(deps.sql, [tenant], async (tx) => {
    if (!(await deleteRule(tx, tenant, id))) throw problem("not_found");
    const nowMs = deps.now();
    const ended = await endRule(tx, tenant, id, nowMs);
    await enqueue(
      tx,
      ended.map((step) => deps.records.outcome(toldOfEnd(step, "rule_deleted", nowMs))),
    );
    await audit(deps, tx, caller, "rule.deleted", id, { steps_cancelled: ended.length });
  });
}

/** Each event is judged by all rules of its type: their number bounds what one event may cost. */
async function checkCount(tx: Tx, tenant: string, id: string, { event_type }: RuleDefinition): Promise<void> {
  if ((await countOthers(tx, { tenant, eventType: event_type, id })) < mostOfType) return;
  throw problem("quota_reached", {
    detail: `There are ${mostOfType} rules for this event type.`,
    errors: [
      {
        field: "event_type",
        problem: `has ${mostOfType} rules already`,
        remedy: "Put steps and conditions into one of them, or delete one.",
      },
    ],
  });
}

async function audit(
  deps: RuleDeps,
  tx: Tx,
  caller: Caller,
  action: string,
  ruleId: string,
  detail: object,
): Promise<void> {
  const entry: AuditEntry = {
    event_id: deps.newId(),
    tenant: caller.tenant,
    service: "ingest",
    actor_tenant: caller.actorTenant,
    actor_key: caller.keyId,
    action,
    object_kind: "rule",
    object_id: ruleId,
    detail: JSON.stringify(detail),
    occurred_at: deps.now(),
  };
  await enqueue(tx, [deps.records.audit(entry)]);
}
