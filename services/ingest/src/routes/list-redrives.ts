import { z } from "@hono/zod-openapi";
import { type ApiRoute, decodeCursor, page, pageOf, pageQuery, route } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import type { RedriveDeps } from "../redrives/changes.ts";
import { listRedrives as readRedrives } from "../redrives/store.ts";
import { redriveView, viewRedrive } from "./redrive-view.ts";

const sortKey = z.tuple([z.iso.datetime(), z.string()]);

export function listRedrives({ sql }: Pick<RedriveDeps, "sql">): ApiRoute {
  return route({
    method: "get",
    path: "/v1/redrives",
    scope: "messages:read",
    summary: "List redrives",
    query: pageQuery,
    success: { status: 200, description: "The newest first.", body: pageOf(redriveView) },
    handle: async ({ caller: { tenant }, query: { limit, cursor } }) => {
      const [createdAt, id] = decodeCursor(cursor, sortKey) ?? [];
      const after = createdAt === undefined || id === undefined ? null : { createdAt, id };
      const redrives = await withTenants(sql, [tenant], (tx) => readRedrives(tx, tenant, after, limit + 1));
      return { body: page(redrives, limit, (one) => [one.created_at.toISOString(), one.id], viewRedrive) };
    },
  });
}
