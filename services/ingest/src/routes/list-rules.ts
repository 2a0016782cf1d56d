import { z } from "@hono/zod-openapi";
import { type ApiRoute, decodeCursor, page, pageOf, pageQuery, route } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import type { RuleDeps } from "../rules/rule-changes.ts";
import { listRules as readRules } from "../rules/rules-store.ts";
import { ruleView, viewRule } from "./rule-view.ts";

const sortKey = z.tuple([z.string()]);

export function listRules({ sql }: Pick<RuleDeps, "sql">): ApiRoute {
  return route({
    method: "get",
    path: "/v1/rules",
    scope: "rules:read",
    summary: "List rules",
    query: pageQuery,
    success: { status: 200, description: "In order of id.", body: pageOf(ruleView) },
    handle: async ({ caller: { tenant }, query: { limit, cursor } }) => {
      const after = decodeCursor(cursor, sortKey)?.[0] ?? null;
      const rules = await withTenants(sql, [tenant], (tx) => readRules(tx, tenant, after, limit + 1));
      return { body: page(rules, limit, (rule) => [rule.id], viewRule) };
    },
  });
}
