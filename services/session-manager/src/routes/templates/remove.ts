import { problem, route } from "@wamesh/http";
import { removeTemplate } from "../../templates/orders.ts";
import type { Deps } from "../deps.ts";
import { actorOf } from "../reach.ts";
import { templatePath } from "./shape.ts";

export const remove = (deps: Deps) =>
  route({
    method: "delete",
    path: "/v1/templates/{id}",
    scope: "templates:write",
    summary: "Delete a template: it can't be sent from now on, and is deleted at the provider soon after",
    params: templatePath,
    success: { status: 204, description: "It is gone, or goes." },
    async handle({ caller, params: { id } }) {
      const found = await deps.changer.change([caller.tenant], actorOf(caller), (change) =>
        removeTemplate(change, caller.tenant, id),
      );
      if (!found) throw problem("not_found");
      deps.keepTemplatesNow();
      return {};
    },
  });
