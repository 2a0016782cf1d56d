import { z } from "@hono/zod-openapi";
import { problem, route } from "@wamesh/http";
import type { Component } from "../../templates/content.ts";
import { editTemplate } from "../../templates/orders.ts";
import type { Deps } from "../deps.ts";
import { actorOf } from "../reach.ts";
import {
  categoryName,
  checked,
  components,
  notNow,
  templateAnswer,
  templateJson,
  templatePath,
  ttlS,
} from "./shape.ts";

export const patch = (deps: Deps) =>
  route({
    method: "patch",
    path: "/v1/templates/{id}",
    scope: "templates:write",
    summary: "Change a template's content",
    description:
      "A draft stays a draft. What the provider has goes back to its review at once, and can't be sent until it is approved again.",
    params: templatePath,
    body: z
      .strictObject({
        category: categoryName.optional(),
        components: components.optional().describe("All of them: they replace what is there."),
        message_send_ttl_s: ttlS.nullable().optional(),
      })
      .openapi({ example: { message_send_ttl_s: 3_600 } }),
    success: { status: 200, description: "The template as it is now.", body: templateAnswer },
    async handle({ caller, params: { id }, body }) {
      const edited = await deps.changer.change([caller.tenant], actorOf(caller), (change) =>
        editTemplate(change, caller.tenant, id, (row) => {
          const content = {
            name: row.name,
            language: row.language,
            category: body.category ?? row.category,
            named: row.named,
            components: body.components ?? (row.components as Component[]),
            ttlS: body.message_send_ttl_s === undefined ? row.ttl_s : body.message_send_ttl_s,
          };
          // What came from the provider passed its review, and may be of kinds not made here.
          return body.components === undefined && row.provider_id !== null ? content : checked(content);
        }),
      );
      if (edited.kind === "not_found") throw problem("not_found");
      if (edited.kind === "not_now") throw notNow(edited.obstacle);
      deps.keepTemplatesNow();
      return { body: templateJson(edited.row) };
    },
  });
