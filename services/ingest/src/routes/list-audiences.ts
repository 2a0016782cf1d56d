import { z } from "@hono/zod-openapi";
import { type ApiRoute, decodeCursor, page, pageOf, pageQuery, route } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import { type AudienceDeps, audienceView, viewAudience } from "../audiences/audience-api.ts";
import { listAudiences as readAudiences } from "../audiences/audience-store.ts";

const sortKey = z.tuple([z.string()]);

export function listAudiences({ sql }: Pick<AudienceDeps, "sql">): ApiRoute {
  return route({
    method: "get",
    path: "/v1/audiences",
    scope: "campaigns:read",
    summary: "List the lists of recipients",
    query: pageQuery,
    success: { status: 200, description: "The newest first.", body: pageOf(audienceView) },
    handle: async ({ caller: { tenant }, query: { limit, cursor } }) => {
      const before = decodeCursor(cursor, sortKey)?.[0] ?? null;
      const rows = await withTenants(sql, [tenant], (tx) => readAudiences(tx, tenant, before, limit + 1));
      return { body: page(rows, limit, ({ id }) => [id], viewAudience) };
    },
  });
}
