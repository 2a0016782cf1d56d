import { type ApiRoute, route } from "@wamesh/http";
import { type EndpointDeps, removeEndpoint as remove } from "../changes.ts";
import { endpointParams } from "./view.ts";

export function removeEndpoint(deps: EndpointDeps): ApiRoute {
  return route({
    method: "delete",
    path: "/v1/endpoints/{id}",
    scope: "endpoints:write",
    summary: "Delete a webhook endpoint",
    description: "What was still due for it is dropped.",
    params: endpointParams,
    success: { status: 204, description: "Deleted." },
    handle: async ({ caller, params, note }) => {
      await remove(deps, caller, params.id);
      note({ endpoint: params.id });
      return {};
    },
  });
}
