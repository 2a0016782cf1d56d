import { z } from "@hono/zod-openapi";
import { decodeCursor, page, pageOf, pageQuery, route } from "@wamesh/http";
import { listSessions } from "../../sessions.ts";
import type { Deps } from "../deps.ts";
import { knownCallbackUrl, sessionAnswer, sessionJson } from "./shape.ts";

export const list = (deps: Deps) =>
  route({
    method: "get",
    path: "/v1/sessions",
    scope: "sessions:read",
    summary: "List the tenant's sessions",
    query: pageQuery,
    success: { status: 200, description: "A page of sessions.", body: pageOf(sessionAnswer) },
    async handle({ caller, query: { limit, cursor } }) {
      const after = decodeCursor(cursor, z.tuple([z.string()]));
      const rows = await deps.changer.read([caller.tenant], (tx) =>
        listSessions(tx, caller.tenant, after?.[0] ?? null, limit + 1),
      );
      return {
        body: page(
          rows,
          limit,
          (row) => [row.id],
          (row) => sessionJson(row, knownCallbackUrl(deps, row)),
        ),
      };
    },
  });
