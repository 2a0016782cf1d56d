import { z } from "@hono/zod-openapi";
import { type ApiRoute, route } from "@wamesh/http";
import { addEndpoint, type EndpointDeps } from "../changes.ts";
import { newEndpoint } from "../endpoint.ts";
import { endpointView, viewEndpoint } from "./view.ts";

export function createEndpoint(deps: EndpointDeps): ApiRoute {
  return route({
    method: "post",
    path: "/v1/endpoints",
    scope: "endpoints:write",
    summary: "Create a webhook endpoint",
    description: "Events that happen from now on are posted to it, signed as Standard Webhooks say.",
    body: newEndpoint,
    success: {
      status: 201,
      description: "The only answer that holds the secret.",
      body: endpointView.extend({
        secret: z.string().describe("whsec_… and base64: verifies the signatures."),
      }),
    },
    handle: async ({ caller, body, note }) => {
      const { row, secret } = await addEndpoint(deps, caller, body);
      note({ endpoint: row.id });
      return {
        body: { ...viewEndpoint(row), secret },
        headers: { location: `/v1/endpoints/${row.id}`, "cache-control": "no-store" },
      };
    },
  });
}
