import { z } from "@hono/zod-openapi";
import { problem, route } from "@wamesh/http";
import { findTenant } from "../../tenants.ts";
import type { Deps } from "../deps.ts";
import { reachOf } from "../reach.ts";
import { tenantAnswer, tenantId, tenantJson } from "./shape.ts";

export const get = ({ changer }: Deps) =>
  route({
    method: "get",
    path: "/v1/tenants/{id}",
    scope: "tenants:read",
    summary: "Read a tenant",
    params: z.object({ id: tenantId }),
    success: { status: 200, description: "The tenant.", body: tenantAnswer },
    async handle({ caller, params: { id } }) {
      const row = await changer.read(reachOf(caller), (tx) => findTenant(tx, id));
      if (row === undefined) throw problem("not_found");
      return { body: tenantJson(row) };
    },
  });
