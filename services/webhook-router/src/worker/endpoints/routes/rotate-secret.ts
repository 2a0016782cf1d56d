import { z } from "@hono/zod-openapi";
import { type ApiRoute, route } from "@wamesh/http";
import { type EndpointDeps, rotateEndpointSecret } from "../changes.ts";
import { rotation } from "../endpoint.ts";
import { endpointParams, endpointView, viewEndpoint } from "./view.ts";

export function rotateSecret(deps: EndpointDeps): ApiRoute {
  return route({
    method: "post",
    path: "/v1/endpoints/{id}/rotate-secret",
    scope: "endpoints:write",
    summary: "Give a webhook endpoint a new signing secret",
    description:
      "For the hours of overlap every webhook carries two signatures, of the new secret and of the one before, so receivers can change over one by one.",
    params: endpointParams,
    body: rotation,
    success: {
      status: 200,
      description: "The only answer that holds the new secret.",
      body: endpointView.extend({ secret: z.string() }),
    },
    handle: async ({ caller, params, body, note }) => {
      const { row, secret } = await rotateEndpointSecret(deps, caller, params.id, body.overlap_hours);
      note({ endpoint: row.id });
      return { body: { ...viewEndpoint(row), secret }, headers: { "cache-control": "no-store" } };
    },
  });
}
