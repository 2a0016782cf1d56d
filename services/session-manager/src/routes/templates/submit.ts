import { problem, route } from "@wamesh/http";
import { submitTemplate } from "../../templates/orders.ts";
import type { Deps } from "../deps.ts";
import { actorOf } from "../reach.ts";
import { notNow, templateAnswer, templateJson, templatePath } from "./shape.ts";

export const submit = (deps: Deps) =>
  route({
    method: "post",
    path: "/v1/templates/{id}/submit",
    scope: "templates:write",
    summary: "Hand a draft to the provider's review; a second time changes nothing",
    params: templatePath,
    success: { status: 200, description: "The template as it is now.", body: templateAnswer },
    async handle({ caller, params: { id } }) {
      const submitted = await deps.changer.change([caller.tenant], actorOf(caller), (change) =>
        submitTemplate(change, caller.tenant, id),
      );
      if (submitted.kind === "not_found") throw problem("not_found");
      if (submitted.kind === "not_now")
        throw notNow({
          problem: `is ${submitted.row.state}, and only drafts can be submitted`,
          remedy: "Change it with PATCH: that submits it again.",
        });
      deps.keepTemplatesNow();
      return { body: templateJson(submitted.row) };
    },
  });
