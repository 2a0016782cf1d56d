import { z } from "@hono/zod-openapi";
import { decodeCursor, page, pageOf, pageQuery, route } from "@wamesh/http";
import { listTemplates } from "../../templates/store.ts";
import type { Deps } from "../deps.ts";
import { templateAnswer, templateJson, templateStates } from "./shape.ts";

export const list = (deps: Deps) =>
  route({
    method: "get",
    path: "/v1/templates",
    scope: "templates:read",
    summary: "List the tenant's templates, of one account, state or name if wanted",
    query: pageQuery.extend({
      account: z.string().max(64).optional(),
      state: z.enum(templateStates).optional(),
      name: z.string().max(512).optional(),
    }),
    success: { status: 200, description: "A page of templates.", body: pageOf(templateAnswer) },
    async handle({ caller, query: { limit, cursor, account = null, state = null, name = null } }) {
      const after = decodeCursor(cursor, z.tuple([z.string()]));
      const rows = await deps.changer.read([caller.tenant], (tx) =>
        listTemplates(tx, caller.tenant, { account, state, name }, after?.[0] ?? null, limit + 1),
      );
      return { body: page(rows, limit, (row) => [row.id], templateJson) };
    },
  });
