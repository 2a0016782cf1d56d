import { z } from "@hono/zod-openapi";
import { type ApiRoute, decodeCursor, page, pageOf, pageQuery, route } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import type { EndpointDeps } from "../changes.ts";
import { listEndpoints as readEndpoints } from "../store.ts";
import { endpointView, viewEndpoint } from "./view.ts";

const sortKey = z.tuple([z.string()]);

export function listEndpoints({ sql }: Pick<EndpointDeps, "sql">): ApiRoute {
  return route({
    method: "get",
    path: "/v1/endpoints",
    scope: "endpoints:read",
    summary: "List webhook endpoints",
    query: pageQuery,
    success: { status: 200, description: "In order of id.", body: pageOf(endpointView) },
    handle: async ({ caller: { tenant }, query: { limit, cursor } }) => {
      const after = decodeCursor(cursor, sortKey)?.[0] ?? null;
      const rows = await withTenants(sql, [tenant], (tx) => readEndpoints(tx, tenant, after, limit + 1));
      return { body: page(rows, limit, (row) => [row.id], viewEndpoint) };
    },
  });
}
