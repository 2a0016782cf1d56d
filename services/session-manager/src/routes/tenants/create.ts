import { z } from "@hono/zod-openapi";
import { problem, route } from "@wamesh/http";
import { createTenant, defaultSettings, findTenant } from "../../tenants.ts";
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

/** The operator makes any tenant; an agency makes its own children, with its own plan. */
export const create = ({ changer }: Deps) =>
  route({
    method: "post",
    path: "/v1/tenants",
    scope: "tenants:write",
    summary: "Create a tenant",
    body: z
      .strictObject({
        id: tenantId,
        name: displayName,
        parent: tenantId.optional(),
        is_agency: z.boolean().default(false),
        max_children: maxChildren.optional(),
        plan: planId.optional(),
        settings: tenantSettings.default({}),
        brand: tenantBrand.optional(),
      })
      .openapi({
        example: {
          id: "acme",
          name: "Acme Ltd",
          settings: { time_zone: "Europe/Berlin", quiet_start: "21:00", quiet_end: "08:00" },
        },
      }),
    success: { status: 201, description: "The tenant.", body: tenantAnswer },
    async handle({ caller, body }) {
      const reach = reachOf(caller);
      if (reach !== "all") {
        if (body.is_agency) operatorOnly(caller, "makes agencies");
        if (body.plan !== undefined) operatorOnly(caller, "chooses plans");
        if (body.max_children !== undefined) operatorOnly(caller, "limits children");
        if (body.parent !== undefined && body.parent !== caller.tenant)
          throw problem("tenant_forbidden", { detail: "An agency makes children of its own only." });
      }
      if (body.is_agency && body.parent !== undefined)
        throw problem("invalid_body", {
          detail: "A child can't be an agency.",
          errors: [
            { field: "is_agency", problem: "contradicts parent", remedy: "Leave one of the two out." },
          ],
        });
      const parent = reach === "all" ? (body.parent ?? null) : caller.tenant;
      const made = await changer.change(reach, actorOf(caller), async (change) => {
        const plan = body.plan ?? (parent && (await findTenant(change.tx, parent))?.plan) ?? "standard";
        const settings = { ...defaultSettings, ...givenSettings(body.settings) };
        const { id, name, is_agency } = body;
        const max_children = body.max_children ?? null;
        const brand = givenBrand(body.brand ?? null);
        return createTenant(change, {
          ...{ id, name, parent, is_agency, is_operator: false },
          ...{ max_children, plan, settings, brand },
        });
      });
      switch (made.kind) {
        case "created":
          return { body: tenantJson(made.row), headers: { location: `/v1/tenants/${made.row.id}` } };
        case "taken":
          throw problem("conflict", {
            detail: "This tenant id is or was in use.",
            errors: [
              { field: "id", problem: "is taken", remedy: "Choose another id; ids are never used again." },
            ],
          });
        case "too_many_children":
          throw problem("quota_reached", {
            detail: `The agency has ${made.most} children, as many as it may.`,
            errors: [
              {
                field: "parent",
                problem: "may have no more children",
                remedy: "Delete one, or ask the operator for more.",
              },
            ],
          });
        case "unknown_plan":
          throw problem("invalid_body", {
            detail: "There is no such plan.",
            errors: [{ field: "plan", problem: "is not known", remedy: "See GET /v1/plans." }],
          });
        case "unknown_parent":
          if (reach !== "all")
            throw problem("tenant_forbidden", { detail: "Only the operator and agencies make tenants." });
          throw problem("invalid_body", {
            detail: "There is no such agency.",
            errors: [
              { field: "parent", problem: "is not an agency", remedy: "Name a tenant with is_agency." },
            ],
          });
      }
    },
  });
