import { z } from "@hono/zod-openapi";
import { type ApiRoute, decodeCursor, page, pageOf, pageQuery, problem, route } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import type { RuleDeps } from "../rules/rule-changes.ts";
import { listVersions } from "../rules/rules-store.ts";
import { ruleParams, versionView, viewVersion } from "./rule-view.ts";

const sortKey = z.tuple([z.int().min(1)]);

export function listRuleVersions({ sql }: Pick<RuleDeps, "sql">): ApiRoute {
  return route({
    method: "get",
    path: "/v1/rules/{id}/versions",
    scope: "rules:read",
    summary: "List a rule's versions",
    params: ruleParams,
    query: pageQuery,
    success: { status: 200, description: "Newest first.", body: pageOf(versionView) },
    handle: async ({ caller: { tenant }, params: { id }, query: { limit, cursor } }) => {
      const before = decodeCursor(cursor, sortKey)?.[0] ?? null;
      const versions = await withTenants(sql, [tenant], (tx) =>
        listVersions(tx, tenant, id, before, limit + 1),
      );
      if (versions.length === 0 && before === null) throw problem("not_found");
      return { body: page(versions, limit, (one) => [one.version], viewVersion) };
    },
  });
}
