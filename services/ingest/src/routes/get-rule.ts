import { type ApiRoute, problem, route } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import type { RuleDeps } from "../rules/rule-changes.ts";
import { findRule } from "../rules/rules-store.ts";
import { ruleParams, ruleView, viewRule } from "./rule-view.ts";

export function getRule({ sql }: Pick<RuleDeps, "sql">): ApiRoute {
  return route({
    method: "get",
    path: "/v1/rules/{id}",
    scope: "rules:read",
    summary: "Read a rule",
    params: ruleParams,
    success: { status: 200, description: "The version in force.", body: ruleView },
    handle: async ({ caller, params }) => {
      const { tenant } = caller;
      const rule = await withTenants(sql, [tenant], (tx) => findRule(tx, tenant, params.id));
      if (rule === undefined) throw problem("not_found");
      return { body: viewRule(rule) };
    },
  });
}
