import { type ApiRoute, route } from "@wamesh/http";
import { ruleDefinition } from "../rules/rule.ts";
import { changeRule, type RuleDeps } from "../rules/rule-changes.ts";
import { changedView, ruleParams, viewChanged } from "./rule-view.ts";

export function replaceRule(deps: RuleDeps): ApiRoute {
  return route({
    method: "put",
    path: "/v1/rules/{id}",
    scope: "rules:write",
    summary: "Replace a rule by a new version",
    params: ruleParams,
    body: ruleDefinition,
    success: { status: 200, description: "The new version.", body: changedView },
    handle: async ({ caller, params, body, note }) => {
      const changed = await changeRule(deps, caller, params.id, body);
      const { rule } = changed;
      note({ rule: rule.id, version: rule.version });
      return { body: viewChanged(changed) };
    },
  });
}
