import { type ApiRoute, problem, route } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import type { RuleDeps } from "../rules/rule-changes.ts";
import { listVersions } from "../rules/rules-store.ts";
import { versionParams, versionView, viewVersion } from "./rule-view.ts";

export function getRuleVersion({ sql }: Pick<RuleDeps, "sql">): ApiRoute {
  return route({
    method: "get",
    path: "/v1/rules/{id}/versions/{version}",
    scope: "rules:read",
    summary: "Read a version of a rule",
    params: versionParams,
    success: { status: 200, description: "As it was saved.", body: versionView },
    handle: async ({ caller: { tenant }, params: { id, version } }) => {
      const [found] = await withTenants(sql, [tenant], (tx) => listVersions(tx, tenant, id, version + 1, 1));
      if (found?.version !== version) throw problem("not_found");
      return { body: viewVersion(found) };
    },
  });
}
