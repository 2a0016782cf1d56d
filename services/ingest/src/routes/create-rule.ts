import { type ApiRoute, route } from "@wamesh/http";
import { ruleDefinition } from "../rules/rule.ts";
import { addRule, type RuleDeps } from "../rules/rule-changes.ts";
import { ruleView, viewRule } from "./rule-view.ts";

export function createRule(deps: RuleDeps): ApiRoute {
  return route({
    method: "post",
    path: "/v1/rules",
    scope: "rules:write",
    summary: "Create a rule",
    description: "From now on each event of this type makes the message described.",
    body: ruleDefinition,
    success: { status: 201, description: "It holds for every event accepted from now on.", body: ruleView },
    handle: async ({ caller, body, note }) => {
      const rule = await addRule(deps, caller, body);
      note({ rule: rule.id, version: rule.version });
      return { body: viewRule(rule), headers: { location: `/v1/rules/${rule.id}` } };
    },
  });
}
