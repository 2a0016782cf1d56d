import { z } from "@hono/zod-openapi";
import { decodeCursor, page, pageOf, pageQuery, route } from "@wamesh/http";
import { listKeys } from "../../keys.ts";
import type { Deps } from "../deps.ts";
import { keyAnswer, keyJson } from "./shape.ts";

export const list = ({ changer }: Deps) =>
  route({
    method: "get",
    path: "/v1/keys",
    scope: "keys:read",
    summary: "List the tenant's keys, revoked ones included; never a secret",
    query: pageQuery,
    success: { status: 200, description: "A page of keys.", body: pageOf(keyAnswer) },
    async handle({ caller, query: { limit, cursor } }) {
      const after = decodeCursor(cursor, z.tuple([z.string()]));
      const rows = await changer.read([caller.tenant], (tx) =>
        listKeys(tx, caller.tenant, after?.[0] ?? null, limit + 1),
      );
      return { body: page(rows, limit, (row) => [row.id], keyJson) };
    },
  });
