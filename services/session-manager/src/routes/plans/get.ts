import { z } from "@hono/zod-openapi";
import { problem, route } from "@wamesh/http";
import { findPlan } from "../../plans.ts";
import type { Deps } from "../deps.ts";
import { reachOf } from "../reach.ts";
import { plan, planId } from "./shape.ts";

export const get = ({ changer }: Deps) =>
  route({
    method: "get",
    path: "/v1/plans/{id}",
    scope: "plans:read",
    summary: "Read a plan",
    params: z.object({ id: planId }),
    success: { status: 200, description: "The plan.", body: plan },
    async handle({ caller, params: { id } }) {
      const row = await changer.read(reachOf(caller), (tx) => findPlan(tx, id));
      if (row === undefined) throw problem("not_found");
      return { body: row };
    },
  });
