import { z } from "@hono/zod-openapi";
import { problem, route } from "@wamesh/http";
import { removeTenant } from "../../remove-tenant.ts";
import { findTenant } from "../../tenants.ts";
import type { Deps } from "../deps.ts";
import { actorOf, reachOf } from "../reach.ts";
import { tenantId } from "./shape.ts";

/** The operator deletes any tenant but its own, an agency its children; nobody deletes itself. */
export const remove = ({ changer }: Deps) =>
  route({
    method: "delete",
    path: "/v1/tenants/{id}",
    scope: "tenants:write",
    summary: "Delete a tenant with its keys and sessions",
    params: z.object({ id: tenantId }),
    success: { status: 204, description: "It is gone; its id is never used again." },
    async handle({ caller, params: { id } }) {
      const found = await changer.read(reachOf(caller), (tx) => findTenant(tx, id));
      if (found === undefined) throw problem("not_found");
      if (found.id === caller.actorTenant || (found.parent !== caller.actorTenant && !caller.isOperator))
        throw problem("tenant_forbidden", { detail: "Only the operator, or its agency, deletes a tenant." });
      // Its rows are reached in its own name, after it was found within the caller's reach; a parent never changes.
      const removed = await changer.change([id], actorOf(caller), (change) => removeTenant(change, id));
      if (removed.kind === "not_found") throw problem("not_found");
      if (removed.kind === "has_children")
        throw problem("conflict", { detail: "The agency still has children: delete them first." });
      return {};
    },
  });
