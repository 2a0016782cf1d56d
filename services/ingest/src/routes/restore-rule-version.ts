import { type ApiRoute, route } from "@wamesh/http";
import { type RuleDeps, restoreRule } from "../rules/rule-changes.ts";
import { changedView, versionParams, viewChanged } from "./rule-view.ts";

export function restoreRuleVersion(deps: RuleDeps): ApiRoute {
  return route({
    method: "post",
    path: "/v1/rules/{id}/versions/{version}/restore",
    scope: "rules:write",
    summary: "Put an older version of a rule back",
    description: "What it said becomes a new version, checked as any other.",
    params: versionParams,
    success: { status: 200, description: "The new version.", body: changedView },
    handle: async ({ caller, params, note }) => {
      const changed = await restoreRule(deps, caller, params.id, params.version);
      note({ rule: params.id, version: changed.rule.version });
      return { body: viewChanged(changed) };
    },
  });
}
