import { z } from "@hono/zod-openapi";
import { decodeCursor, page, pageOf, pageQuery, route } from "@wamesh/http";
import { listTenants } from "../../tenants.ts";
import type { Deps } from "../deps.ts";
import { reachOf } from "../reach.ts";
import { tenantAnswer, tenantJson } from "./shape.ts";

export const list = ({ changer }: Deps) =>
  route({
    method: "get",
    path: "/v1/tenants",
    scope: "tenants:read",
    summary: "List the tenants within reach: all, an agency and its children, or oneself",
    query: pageQuery,
    success: { status: 200, description: "A page of tenants.", body: pageOf(tenantAnswer) },
    async handle({ caller, query: { limit, cursor } }) {
      const after = decodeCursor(cursor, z.tuple([z.string()]));
      const rows = await changer.read(reachOf(caller), (tx) =>
        listTenants(tx, after?.[0] ?? null, limit + 1),
      );
      return { body: page(rows, limit, (row) => [row.id], tenantJson) };
    },
  });
