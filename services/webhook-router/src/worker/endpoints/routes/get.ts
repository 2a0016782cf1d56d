import { type ApiRoute, problem, route } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import type { EndpointDeps } from "../changes.ts";
import { findEndpoint } from "../store.ts";
import { endpointParams, endpointView, viewEndpoint } from "./view.ts";

export function getEndpoint({ sql }: Pick<EndpointDeps, "sql">): ApiRoute {
  return route({
    method: "get",
    path: "/v1/endpoints/{id}",
    scope: "endpoints:read",
    summary: "Read a webhook endpoint",
    params: endpointParams,
    success: { status: 200, description: "Without its secret.", body: endpointView },
    handle: async ({ caller: { tenant }, params }) => {
      const row = await withTenants(sql, [tenant], (tx) => findEndpoint(tx, tenant, params.id));
      if (row === undefined) throw problem("not_found");
      return { body: viewEndpoint(row) };
    },
  });
}
