import { type ApiRoute, route } from "@wamesh/http";
import { endRedrive, type RedriveDeps } from "../redrives/changes.ts";
import { redriveParams, redriveView, viewRedrive } from "./redrive-view.ts";

export function cancelRedrive(deps: RedriveDeps): ApiRoute {
  return route({
    method: "delete",
    path: "/v1/redrives/{id}",
    scope: "messages:write",
    summary: "Cancel a redrive",
    description: "What was sent anew stays sent; the rest is free for another redrive.",
    params: redriveParams,
    success: { status: 200, description: "It is over.", body: redriveView },
    handle: async ({ caller, params: { id }, note }) => {
      note({ redrive: id });
      return { body: viewRedrive(await endRedrive(deps, caller, id)) };
    },
  });
}
