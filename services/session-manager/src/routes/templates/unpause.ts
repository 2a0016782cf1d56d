import { problem, route } from "@wamesh/http";
import { releaseTemplate } from "../../templates/orders.ts";
import type { Deps } from "../deps.ts";
import { actorOf } from "../reach.ts";
import { notNow, templateAnswer, templateJson, templatePath } from "./shape.ts";

export const unpause = (deps: Deps) =>
  route({
    method: "post",
    path: "/v1/templates/{id}/unpause",
    scope: "templates:write",
    summary: "Have the provider end a template's pause; a second time changes nothing",
    description:
      "For templates that the provider paused while pacing them. It stays paused until the provider agrees; if it does not, reason says why.",
    params: templatePath,
    success: { status: 200, description: "The template as it is now.", body: templateAnswer },
    async handle({ caller, params: { id } }) {
      const ordered = await deps.changer.change([caller.tenant], actorOf(caller), (change) =>
        releaseTemplate(change, caller.tenant, id),
      );
      if (ordered.kind === "not_found") throw problem("not_found");
      if (ordered.kind === "not_now")
        throw notNow({
          problem: `is ${ordered.row.state}, and only paused ones can be released`,
          remedy: "GET /v1/templates says what it waits for.",
        });
      deps.keepTemplatesNow();
      return { body: templateJson(ordered.row) };
    },
  });
