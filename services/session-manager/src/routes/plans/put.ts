import { z } from "@hono/zod-openapi";
import { problem, route } from "@wamesh/http";
import { putPlan } from "../../plans.ts";
import type { Deps } from "../deps.ts";
import { actorOf, operatorOnly } from "../reach.ts";
import { plan, planExample, planId, planLimits } from "./shape.ts";

export const put = ({ changer }: Deps) =>
  route({
    method: "put",
    path: "/v1/plans/{id}",
    scope: "plans:write",
    summary: "Create or replace a plan; every tenant that has it is published anew",
    params: z.object({ id: planId }),
    body: planLimits.extend({ id: planId.optional() }).openapi({ example: planExample }),
    success: { status: 200, description: "The plan as it is now.", body: plan },
    async handle({ caller, params: { id }, body }) {
      operatorOnly(caller, "changes plans");
      if (body.id !== undefined && body.id !== id)
        throw problem("invalid_body", {
          detail: "The id differs from the path's.",
          errors: [{ field: "id", problem: "differs from the path's", remedy: "Leave it out." }],
        });
      const next = { ...body, id };
      await changer.change("all", actorOf(caller), (change) => putPlan(change, next, caller.actorTenant));
      return { body: next };
    },
  });
