import { problem, route } from "@wamesh/http";
import { createPlan } from "../../plans.ts";
import type { Deps } from "../deps.ts";
import { actorOf, operatorOnly } from "../reach.ts";
import { plan } from "./shape.ts";

export const create = ({ changer }: Deps) =>
  route({
    method: "post",
    path: "/v1/plans",
    scope: "plans:write",
    summary: "Create a plan",
    body: plan,
    success: { status: 201, description: "The plan.", body: plan },
    async handle({ caller, body }) {
      operatorOnly(caller, "makes plans");
      const made = await changer.change("all", actorOf(caller), (change) =>
        createPlan(change, body, caller.actorTenant),
      );
      if (!made)
        throw problem("conflict", {
          detail: "There is a plan of this id.",
          errors: [{ field: "id", problem: "is taken", remedy: "Choose another, or replace it with PUT." }],
        });
      return { body, headers: { location: `/v1/plans/${body.id}` } };
    },
  });
