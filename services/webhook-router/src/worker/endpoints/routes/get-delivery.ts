import { z } from "@hono/zod-openapi";
import { type ApiRoute, problem, route } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import type { EndpointDeps } from "../changes.ts";
import { attemptsOf, findDelivery } from "../history.ts";
import { viewWholeDelivery, wholeDeliveryView } from "./delivery-view.ts";
import { endpointParams } from "./view.ts";

export function getDelivery({ sql }: Pick<EndpointDeps, "sql">): ApiRoute {
  return route({
    method: "get",
    path: "/v1/endpoints/{id}/deliveries/{webhook_id}",
    scope: "endpoints:read",
    summary: "Read one delivery with its attempts and its payload",
    params: endpointParams.extend({ webhook_id: z.string().min(1).max(64) }),
    success: { status: 200, description: "Attempts in their order.", body: wholeDeliveryView },
    handle: async ({ caller: { tenant }, params }) => {
      const of = { tenant, endpoint: params.id };
      return withTenants(sql, [tenant], async (tx) => {
        const row = await findDelivery(tx, of, params.webhook_id);
        if (row === undefined) throw problem("not_found");
        return { body: viewWholeDelivery(row, await attemptsOf(tx, tenant, row.seq)) };
      });
    },
  });
}
