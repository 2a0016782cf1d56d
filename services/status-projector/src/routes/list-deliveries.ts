import { z } from "@hono/zod-openapi";
import type { DeliveryOutcome } from "@wamesh/events";
import { type ApiRoute, page, pageOf, pageQuery, route } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";
import { listDeliveries as readDeliveries } from "../reads/deliveries.ts";
import { afterOf, periodQuery, sortKeyOf } from "./by-time.ts";
import { deliveryShape, viewDelivery } from "./delivery-shape.ts";

const outcomes = ["delivered", "retry", "given_up", "disabled"] as const satisfies readonly DeliveryOutcome[];

export function listDeliveries({ sql }: { sql: Sql }): ApiRoute {
  return route({
    method: "get",
    path: "/v1/status/deliveries",
    scope: "status:read",
    summary: "List attempts to deliver your webhooks, newest first",
    query: pageQuery.extend({
      endpoint: z.string().min(1).max(64).optional(),
      outcome: z.enum(outcomes).optional(),
      message: z.uuid().toLowerCase().optional(),
      ...periodQuery,
    }),
    success: { status: 200, description: "Each attempt.", body: pageOf(deliveryShape) },
    handle: async ({ caller: { tenant }, query: { cursor, limit, ...filter } }) => {
      const rows = await withTenants(sql, [tenant], (tx) =>
        readDeliveries(tx, tenant, filter, afterOf(cursor), limit + 1),
      );
      return { body: page(rows, limit, sortKeyOf, viewDelivery) };
    },
  });
}
