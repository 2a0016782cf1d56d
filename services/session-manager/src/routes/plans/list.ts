import { z } from "@hono/zod-openapi";
import { decodeCursor, page, pageOf, pageQuery, route } from "@wamesh/http";
import { listPlans } from "../../plans.ts";
import type { Deps } from "../deps.ts";
import { reachOf } from "../reach.ts";
import { plan } from "./shape.ts";

export const list = ({ changer }: Deps) =>
  route({
    method: "get",
    path: "/v1/plans",
    scope: "plans:read",
    summary: "List the plans",
    query: pageQuery,
    success: { status: 200, description: "A page of plans.", body: pageOf(plan) },
    async handle({ caller, query: { limit, cursor } }) {
      const after = decodeCursor(cursor, z.tuple([z.string()]));
      const rows = await changer.read(reachOf(caller), (tx) => listPlans(tx, after?.[0] ?? null, limit + 1));
      return {
        body: page(
          rows,
          limit,
          (row) => [row.id],
          (row) => row,
        ),
      };
    },
  });
