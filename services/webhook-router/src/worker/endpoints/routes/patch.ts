import { type ApiRoute, route } from "@wamesh/http";
import { changeEndpoint, type EndpointDeps } from "../changes.ts";
import { endpointPatch } from "../endpoint.ts";
import { endpointParams, endpointView, viewEndpoint } from "./view.ts";

export function patchEndpoint(deps: EndpointDeps): ApiRoute {
  return route({
    method: "patch",
    path: "/v1/endpoints/{id}",
    scope: "endpoints:write",
    summary: "Change a webhook endpoint",
    description: "Disabled, it gets no new events, and what is due waits; enabled again, that goes out.",
    params: endpointParams,
    body: endpointPatch,
    success: { status: 200, description: "As it is now.", body: endpointView },
    handle: async ({ caller, params, body, note }) => {
      const row = await changeEndpoint(deps, caller, params.id, body);
      note({ endpoint: row.id });
      return { body: viewEndpoint(row) };
    },
  });
}
