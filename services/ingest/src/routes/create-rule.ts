import { type ApiRoute, route } from "@wamesh/http";
import { ruleDefinition } from "../rules/rule.ts";
import { addRule, type RuleDeps } from "../rules/rule-changes.ts";
import { changedView, viewChanged } from "./rule-view.ts";

export function createRule(deps: RuleDeps): ApiRoute {
  return route({
    method: "post",
    path: "/v1/rules",
    scope: "rules:write",
    summary: "Create a rule",
    description:
      "From now on each event of this type makes the messages described, at once or later. docs/rules.md shows the language of expressions.",
    body: ruleDefinition,
    success: {
      status: 201,
      description: "It holds for every event accepted from now on.",
      body: changedView,
    },
    handle: async ({ caller, body, note }) => {
      const changed = await addRule(deps, caller, body);
      const { rule } = changed;
      note({ rule: rule.id, version: rule.version });
      return { body: viewChanged(changed), headers: { location: `/v1/rules/${rule.id}` } };
    },
  });
}
