import { type ApiRoute, route } from "@wamesh/http";
import { keyHeader, type OnceDeps, oncePerKey } from "../once-per-key.ts";
import { ruleDefinition } from "../rules/rule.ts";
import { addRule, type RuleDeps } from "../rules/rule-changes.ts";
import { changedView, viewChanged } from "./rule-view.ts";

const endpoint = "/v1/rules";

export function createRule(deps: RuleDeps & OnceDeps): ApiRoute {
  return route({
    method: "post",
    path: endpoint,
    scope: "rules:write",
    summary: "Create a rule",
    description:
      "From now on each event of this type makes the messages described, at once or later. docs/rules.md shows the language of expressions.",
    headers: keyHeader,
    body: ruleDefinition,
    success: {
      status: 201,
      description: "It holds for every event accepted from now on.",
      body: changedView,
    },
    handle: ({ caller, headers, body, note }) => {
      const request = { caller, endpoint, key: headers["idempotency-key"], body, note };
      return oncePerKey(deps, request, async () => {
        const changed = await addRule(deps, caller, body);
        const { rule } = changed;
        note({ rule: rule.id, version: rule.version });
        return { status: 201, location: `${endpoint}/${rule.id}`, body: viewChanged(changed) };
      });
    },
  });
}
