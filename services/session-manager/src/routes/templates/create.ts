import { z } from "@hono/zod-openapi";
import { problem, route } from "@wamesh/http";
import { newId } from "../../key-material.ts";
import { createTemplate } from "../../templates/orders.ts";
import type { Deps } from "../deps.ts";
import { actorOf } from "../reach.ts";
import {
  accountNamed,
  categoryName,
  checked,
  components,
  ofAccount,
  templateAnswer,
  templateJson,
  ttlS,
  unknownAccount,
  withoutTemplates,
} from "./shape.ts";

const newTemplate = z
  .strictObject({
    ...ofAccount,
    name: z.string().min(1).max(512),
    language: z.string().regex(/^[a-z]{2,3}(_[A-Za-z]{2,4})?$/, "a code like en or en_US"),
    category: categoryName,
    parameter_format: z.enum(["positional", "named"]).default("positional"),
    components,
    message_send_ttl_s: ttlS.optional(),
    submit: z
      .boolean()
      .default(false)
      .describe("Hand it to the provider's review at once; else it is a draft."),
  })
  .openapi({
    example: {
      session_id: "ses_0123456789abcdef",
      name: "order_shipped",
      language: "en_US",
      category: "utility",
      components: [
        {
          type: "BODY",
          text: "Hello {{1}}, your order is on its way.",
          example: { body_text: [["Mara"]] },
        },
      ],
    },
  });

export const create = (deps: Deps) =>
  route({
    method: "post",
    path: "/v1/templates",
    scope: "templates:write",
    summary: "Create a message template: a draft, or submitted for review",
    body: newTemplate,
    success: { status: 201, description: "The template.", body: templateAnswer },
    async handle({ caller, body }) {
      const account = accountNamed(body);
      const content = checked({
        name: body.name,
        language: body.language,
        category: body.category,
        named: body.parameter_format === "named",
        components: body.components,
        ttlS: body.message_send_ttl_s ?? null,
      });
      const id = newId(deps.random, "tpl");
      const made = await deps.changer.change([caller.tenant], actorOf(caller), (change) =>
        createTemplate(change, { tenant: caller.tenant, id, account, submit: body.submit }, content),
      );
      switch (made.kind) {
        case "unknown_account":
          throw unknownAccount(body);
        case "without_templates":
          throw withoutTemplates(body);
        case "taken":
          throw problem("conflict", {
            detail: "The account has a template of this name and language.",
            errors: [
              {
                field: "name",
                problem: "is taken in this language",
                remedy: "Choose another name, or change the template that has it.",
              },
            ],
          });
        case "created":
          if (body.submit) deps.keepTemplatesNow();
          return {
            body: templateJson(made.row),
            headers: { location: `/v1/templates/${made.row.id}` },
          };
      }
    },
  });
