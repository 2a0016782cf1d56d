import { type ApiRoute, route } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import {
  type AudienceDeps,
  audienceParams,
  auditAudience,
  changeableAudience,
} from "../audiences/audience-api.ts";
import { markDeleted } from "../audiences/audience-store.ts";

export function deleteAudience(deps: AudienceDeps): ApiRoute {
  return route({
    method: "delete",
    path: "/v1/audiences/{id}",
    scope: "campaigns:write",
    summary: "Delete a list",
    description: "Its recipients are removed within minutes. A list that a campaign still uses stays.",
    params: audienceParams,
    success: { status: 204, description: "Deleted." },
    handle: async ({ caller, params: { id }, note }) => {
      const { tenant } = caller;
      await withTenants(deps.sql, [tenant], async (tx) => {
        await changeableAudience(tx, tenant, id);
        await markDeleted(tx, tenant, id);
        await auditAudience(tx, deps, caller, "audience.deleted", id, {});
      });
      note({ audience: id });
      return {};
    },
  });
}
