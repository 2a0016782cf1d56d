import { type ApiRoute, problem, route } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import { type AudienceDeps, audienceParams, audienceView, viewAudience } from "../audiences/audience-api.ts";
import { findAudience } from "../audiences/audience-store.ts";

export function getAudience({ sql }: Pick<AudienceDeps, "sql">): ApiRoute {
  return route({
    method: "get",
    path: "/v1/audiences/{id}",
    scope: "campaigns:read",
    summary: "Read how a list stands",
    params: audienceParams,
    success: { status: 200, description: "Also while a file comes in.", body: audienceView },
    handle: async ({ caller: { tenant }, params: { id } }) => {
      const audience = await withTenants(sql, [tenant], (tx) => findAudience(tx, tenant, id));
      if (audience === undefined) throw problem("not_found");
      return { body: viewAudience(audience) };
    },
  });
}
