import { z } from "@hono/zod-openapi";
import { type ApiRoute, route } from "@wamesh/http";
import { pauseRule as changeState, type RuleDeps } from "../rules/rule-changes.ts";
import { ruleParams, ruleView, viewRule } from "./rule-view.ts";

export function pauseRule(deps: RuleDeps): ApiRoute {
  return route({
    method: "patch",
    path: "/v1/rules/{id}",
    scope: "rules:write",
    summary: "Pause a rule, or let it go on",
    description:
      "A paused rule makes nothing of the events read meanwhile, and its waiting steps are held. When it goes on, steps that " +
      "fell due are made; one that is older than its message's time to live then expires.",
    params: ruleParams,
    body: z.strictObject({ state: z.enum(["active", "paused"]) }).openapi({ example: { state: "paused" } }),
    success: { status: 200, description: "The rule.", body: ruleView },
    handle: async ({ caller, params, body, note }) => {
      note({ rule: params.id, state: body.state });
      return { body: viewRule(await changeState(deps, caller, params.id, body.state)) };
    },
  });
}
