import { z } from "@hono/zod-openapi";
import { problem, route } from "@wamesh/http";
import { findErrand } from "../../errands/errand-rows.ts";
import { replaceCredentials } from "../../sessions.ts";
import type { Deps } from "../deps.ts";
import { actorOf } from "../reach.ts";
import { knownCallbackUrl, sessionAnswer, sessionJson, sessionPath } from "./shape.ts";

export const resumeOnboarding = (deps: Deps) =>
  route({
    method: "post",
    path: "/v1/sessions/{id}/onboarding",
    scope: "sessions:write",
    summary:
      "Try the step again at which a number's onboarding stopped, with the number's own PIN if it has one",
    params: sessionPath,
    body: z
      .strictObject({
        pin: z
          .string()
          .regex(/^\d{6}$/, "six digits")
          .optional()
          .describe("The number's two-step verification, set earlier by its owner."),
      })
      .openapi({ example: { pin: "123456" } }),
    success: { status: 200, description: "The session.", body: sessionAnswer },
    async handle({ caller, params: { id }, body }) {
      const owner = { tenant: caller.tenant, session: id };
      const row = await deps.changer.change([caller.tenant], actorOf(caller), async (change) => {
        const errand = await findErrand(change.tx, id);
        if (errand !== undefined && errand.kind !== "onboard") throw nothingToResume();
        return replaceCredentials(change, caller.tenant, id, {
          callbackSecretHash: null,
          accountToken: false,
          seal(version, _before, old) {
            const opened = deps.open(old, owner);
            if (errand === undefined || opened.kind !== "opened" || opened.plain.kind !== "cloud_api")
              throw nothingToResume();
            const { plain } = opened;
            return deps.seal(
              { ...owner, version },
              body.pin === undefined ? plain : { ...plain, pin: body.pin },
            );
          },
        });
      });
      if (row === undefined) throw problem("not_found");
      deps.wake();
      return { body: sessionJson(row, knownCallbackUrl(deps, row)) };
    },
  });

function nothingToResume() {
  return problem("conflict", { detail: "No onboarding of this session is under way." });
}
