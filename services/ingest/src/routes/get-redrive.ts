import { type ApiRoute, problem, route } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import type { RedriveDeps } from "../redrives/changes.ts";
import { findRedrive } from "../redrives/store.ts";
import { redriveParams, redriveView, viewRedrive } from "./redrive-view.ts";

export function getRedrive({ sql }: Pick<RedriveDeps, "sql">): ApiRoute {
  return route({
    method: "get",
    path: "/v1/redrives/{id}",
    scope: "messages:read",
    summary: "Read a redrive",
    params: redriveParams,
    success: { status: 200, description: "As it is now.", body: redriveView },
    handle: async ({ caller: { tenant }, params: { id } }) => {
      const redrive = await withTenants(sql, [tenant], (tx) => findRedrive(tx, tenant, id));
      if (redrive === undefined) throw problem("not_found");
      return { body: viewRedrive(redrive) };
    },
  });
}
