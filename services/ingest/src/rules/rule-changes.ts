/** Changing rules: the row, its new version and the audit entry in one transaction. What commits is told, what does not never was. */
import { type AuditEntry, content, serviceWindow } from "@wamesh/events";
import { type Caller, problem } from "@wamesh/http";
import { enqueue, type Sql, type Tx, withTenants } from "@wamesh/store";
import { chooseSession } from "../choose-session.ts";
import { needlessFallback, type World } from "../decide.ts";
import { refusalProblem } from "../problems.ts";
import type { Records } from "../records.ts";
import type { RuleDefinition } from "./rule.ts";
import { createRule, deleteRule, replaceRule, type StoredRule } from "./rules-store.ts";

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

export async function addRule(
  deps: RuleDeps,
  caller: Caller,
  definition: RuleDefinition,
): Promise<StoredRule> {
  checkSession(deps.world, caller.tenant, definition);
  return withTenants(deps.sql, [caller.tenant], async (tx) => {
    const id = deps.newRuleId();
    const rule = await createRule(tx, { id, tenant: caller.tenant, definition, by: caller.keyId });
    await audit(deps, tx, caller, "rule.created", id, { version: rule.version, definition });
    return rule;
  });
}

/** Throws not_found for a rule that the tenant does not have. */
export async function changeRule(
  deps: RuleDeps,
  caller: Caller,
  id: string,
  definition: RuleDefinition,
): Promise<StoredRule> {
  checkSession(deps.world, caller.tenant, definition);
  return withTenants(deps.sql, [caller.tenant], async (tx) => {
    const rule = await replaceRule(tx, { id, tenant: caller.tenant, definition, by: caller.keyId });
    if (rule === undefined) throw problem("not_found");
    await audit(deps, tx, caller, "rule.changed", id, { version: rule.version, definition });
    return rule;
  });
}

/** Throws not_found for a rule that the tenant does not have. */
export async function removeRule(deps: RuleDeps, caller: Caller, id: string): Promise<void> {
  await withTenants(deps.sql, [caller.tenant], async (tx) => {
    if (!(await deleteRule(tx, caller.tenant, id))) throw problem("not_found");
    await audit(deps, tx, caller, "rule.deleted", id, {});
  });
}

/** A session named in a rule must be there and able when the rule is saved; a pool may be filled later. */
function checkSession(world: World, tenant: string, { message }: RuleDefinition): void {
  if (message.session_id === undefined) return;
  const choice = chooseSession(
    {
      tenant,
      // Who it will be is not known yet; a named session does not depend on it.
      recipient: { kind: "phone", value: "" },
      // Its values come with the event; here only the kind counts.
      content: content(message.template === undefined ? "text" : "template", {}),
      lane: message.lane,
      sessionId: message.session_id,
      pool: "default",
    },
    world,
  );
  if (choice.kind === "refused") throw refusalProblem(choice.refusal, "message.");
  if (message.fallback !== undefined && serviceWindow(choice.member.provider) === null)
    throw refusalProblem(needlessFallback, "message.");
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
