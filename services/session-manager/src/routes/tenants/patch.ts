import { z } from "@hono/zod-openapi";
import { problem, route } from "@wamesh/http";
import { patchTenant } from "../../tenants.ts";
import type { Deps } from "../deps.ts";
import { planId } from "../plans/shape.ts";
import { actorOf, operatorOnly, reachOf } from "../reach.ts";
import {
  displayName,
  givenBrand,
  givenSettings,
  maxChildren,
  tenantAnswer,
  tenantBrand,
  tenantId,
  tenantJson,
  tenantSettings,
} from "./shape.ts";

/** A tenant changes its own name, settings and brand; who stands above it also suspends it; plans are the operator's. */
export const patch = ({ changer }: Deps) =>
  route({
    method: "patch",
    path: "/v1/tenants/{id}",
    scope: "tenants:write",
    summary: "Change a tenant",
    params: z.object({ id: tenantId }),
    body: z
      .strictObject({
        name: displayName.optional(),
        max_children: maxChildren.optional(),
        plan: planId.optional(),
        state: z.enum(["active", "suspended"]).optional(),
        settings: tenantSettings.optional(),
        brand: tenantBrand.optional(),
      })
      .openapi({
        example: {
          name: "Acme Ltd",
          settings: { retention_days: 90 },
          brand: { name: "Acme", logo_url: "https://acme.example/logo.svg", colour: "#0a6e4f" },
        },
      }),
    success: { status: 200, description: "The tenant as it is now.", body: tenantAnswer },
    async handle({ caller, params: { id }, body }) {
      if (body.plan !== undefined) operatorOnly(caller, "chooses plans");
      if (body.max_children !== undefined) operatorOnly(caller, "limits children");
      if (body.state !== undefined && id === caller.actorTenant)
        throw problem("tenant_forbidden", { detail: "Nobody suspends or restores its own tenant." });
      const patched = await changer.change(reachOf(caller), actorOf(caller), (change) =>
        patchTenant(change, id, {
          ...body,
          settings: body.settings && givenSettings(body.settings),
          brand: body.brand && givenBrand(body.brand),
        }),
      );
      if (patched.kind === "not_found") throw problem("not_found");
      if (patched.kind === "unknown_plan")
        throw problem("invalid_body", {
          detail: "There is no such plan.",
          errors: [{ field: "plan", problem: "is not known", remedy: "See GET /v1/plans." }],
        });
      return { body: tenantJson(patched.row) };
    },
  });
