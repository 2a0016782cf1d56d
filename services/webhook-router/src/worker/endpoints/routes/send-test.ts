import { z } from "@hono/zod-openapi";
import { type ApiRoute, problem, route } from "@wamesh/http";
import type { EndpointDeps } from "../changes.ts";
import { sendTestEvent } from "../test-event.ts";
import { attemptView, viewAttempt } from "./delivery-view.ts";
import { endpointParams } from "./view.ts";

export function testEndpoint(deps: EndpointDeps): ApiRoute {
  /** One at a time per endpoint: a test is for a person who waits for it. */
  const underWay = new Set<string>();
  return route({
    method: "post",
    path: "/v1/endpoints/{id}/test",
    scope: "endpoints:write",
    summary: "Send a test event now",
    description: "One attempt at an event endpoint.test, signed as all others, answered with how it ended.",
    params: endpointParams,
    success: {
      status: 200,
      description: "Whether the endpoint took it.",
      body: attemptView.extend({
        id: z.string().describe("The webhook-id, under which it stands in the list of deliveries."),
        outcome: z.enum(["delivered", "given_up"]),
      }),
    },
    handle: async ({ caller, params, signal, note }) => {
      const key = `${caller.tenant} ${params.id}`;
      if (underWay.has(key))
        throw problem("rate_limited", { detail: "A test of this endpoint is under way.", retryAfterS: 1 });
      underWay.add(key);
      try {
        const tested = await sendTestEvent(deps, caller, params.id, signal);
        note({ endpoint: params.id, outcome: tested.outcome });
        return { body: { ...viewAttempt(tested), id: tested.id, outcome: tested.outcome } };
      } finally {
        underWay.delete(key);
      }
    },
  });
}
