import { z } from "@hono/zod-openapi";
import { type ApiRoute, decodeCursor, page, pageOf, pageQuery, problem, route } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import type { EndpointDeps } from "../changes.ts";
import { listDeliveries as readDeliveries } from "../history.ts";
import { findEndpoint } from "../store.ts";
import { deliveryView, viewDelivery } from "./delivery-view.ts";
import { endpointParams } from "./view.ts";

const sortKey = z.tuple([
  z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/),
  z.int(),
]);

const query = pageQuery.extend({
  status: z.enum(["waiting", "delivered", "given_up"]).optional(),
  type: z.string().min(1).max(64).optional().describe("Event type."),
  since: z.iso.datetime({ offset: true }).optional().describe("Of events from then on."),
  until: z.iso.datetime({ offset: true }).optional().describe("Of events before then."),
});

export function listDeliveries({ sql }: Pick<EndpointDeps, "sql">): ApiRoute {
  return route({
    method: "get",
    path: "/v1/endpoints/{id}/deliveries",
    scope: "endpoints:read",
    summary: "List what was and is to be delivered to an endpoint",
    description: "Kept for 14 days.",
    params: endpointParams,
    query,
    success: { status: 200, description: "Newest first.", body: pageOf(deliveryView) },
    handle: async ({ caller: { tenant }, params, query: { limit, cursor, ...filter } }) => {
      const before = decodeCursor(cursor, sortKey);
      const of = { tenant, endpoint: params.id };
      const rows = await withTenants(sql, [tenant], async (tx) => {
        if ((await findEndpoint(tx, tenant, params.id)) === undefined) throw problem("not_found");
        return readDeliveries(tx, of, filter, before, limit + 1);
      });
      return { body: page(rows, limit, (row) => [row.created_at_text, row.seq], viewDelivery) };
    },
  });
}
