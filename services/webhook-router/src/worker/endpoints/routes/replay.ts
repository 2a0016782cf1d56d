import { z } from "@hono/zod-openapi";
import { type ApiRoute, route } from "@wamesh/http";
import type { EndpointDeps } from "../changes.ts";
import { replayOf } from "../endpoint.ts";
import { replay, replayedAtOnce } from "../replay.ts";
import { endpointParams } from "./view.ts";

export function replayDeliveries(deps: EndpointDeps): ApiRoute {
  return route({
    method: "post",
    path: "/v1/endpoints/{id}/replay",
    scope: "endpoints:write",
    summary: "Deliver events of a time again",
    description: `Under their own webhook-id, at the pace asked for, beside what happens meanwhile. At most ${replayedAtOnce} at once, the oldest first; of a disabled endpoint they wait until it is enabled.`,
    params: endpointParams,
    body: replayOf,
    success: {
      status: 202,
      description: "So many are on their way.",
      body: z.object({
        replayed: z.int(),
        more: z.boolean().describe("There may be more: the same request again goes on with them."),
      }),
    },
    handle: async ({ caller, params, body, note }) => {
      const done = await replay(deps, caller, params.id, body);
      note({ endpoint: params.id, replayed: done.replayed });
      return { body: done };
    },
  });
}
