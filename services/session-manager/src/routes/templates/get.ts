import { problem, route } from "@wamesh/http";
import { findTemplate } from "../../templates/store.ts";
import type { Deps } from "../deps.ts";
import { templateAnswer, templateJson, templatePath } from "./shape.ts";

export const get = (deps: Deps) =>
  route({
    method: "get",
    path: "/v1/templates/{id}",
    scope: "templates:read",
    summary: "Read a template",
    params: templatePath,
    success: { status: 200, description: "The template.", body: templateAnswer },
    async handle({ caller, params: { id } }) {
      const row = await deps.changer.read([caller.tenant], (tx) => findTemplate(tx, caller.tenant, id));
      if (row === undefined) throw problem("not_found");
      return { body: templateJson(row) };
    },
  });
