import { type ApiRoute, route } from "@wamesh/http";
import { type RuleDeps, removeRule } from "../rules/rule-changes.ts";
import { ruleParams } from "./rule-view.ts";

export function deleteRule(deps: RuleDeps): ApiRoute {
  return route({
    method: "delete",
    path: "/v1/rules/{id}",
    scope: "rules:write",
    summary: "Delete a rule",
    description:
      "Events read from now on no longer make its message; its waiting steps are called off, and messages already made go on.",
    params: ruleParams,
    success: { status: 204, description: "Deleted." },
    handle: async ({ caller, params, note }) => {
      await removeRule(deps, caller, params.id);
      note({ rule: params.id });
      return {};
    },
  });
}
