import { type ApiRoute, route } from "@wamesh/http";
import { keyHeader, type OnceDeps, oncePerKey } from "../once-per-key.ts";
import { ruleDefinition } from "../rule.ts";
import { addRule, type RuleDeps } from "../rule-changes.ts";
import { ruleView, viewRule } from "./rule-view.ts";

const endpoint = "/v1/rules";

export function createRule(deps: RuleDeps & OnceDeps): ApiRoute {
  return route({
    method: "post",
    path: endpoint,
    scope: "rules:write",
    summary: "Create a rule",
    description: "From now on each event of this type makes the message described.",
    headers: keyHeader,
    body: ruleDefinition,
    success: { status: 201, description: "It holds for every event accepted from now on.", body: ruleView },
    handle: ({ caller, headers, body, note }) => {
      const request = { caller, endpoint, key: headers["idempotency-key"], body, note };
      return oncePerKey(deps, request, async () => {
        const rule = await addRule(deps, caller, body);
        note({ rule: rule.id, version: rule.version });
        return { status: 201, location: `${endpoint}/${rule.id}`, body: viewRule(rule) };
      });
    },
  });
}
