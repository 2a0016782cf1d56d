import { z } from "@hono/zod-openapi";
import { problem, route } from "@wamesh/http";
import { lacksCredentials } from "../../credential-facts.ts";
import { patchSession } from "../../sessions.ts";
import type { Deps } from "../deps.ts";
import { actorOf } from "../reach.ts";
import {
  knownCallbackUrl,
  otpOnly,
  pools,
  ratePerS,
  sessionAnswer,
  sessionJson,
  sessionName,
  sessionPath,
} from "./shape.ts";

export const patch = (deps: Deps) =>
  route({
    method: "patch",
    path: "/v1/sessions/{id}",
    scope: "sessions:write",
    summary: "Change a session: its name, pools and pace, or suspend it and let it connect again",
    params: sessionPath,
    body: z
      .strictObject({
        name: sessionName.optional(),
        pools: pools.optional(),
        rate_per_s: ratePerS.optional(),
        otp_only: otpOnly.optional(),
        status: z.enum(["suspended", "connecting"]).optional(),
      })
      .openapi({ example: { name: "Support", rate_per_s: 20 } }),
    success: { status: 200, description: "The session as it is now.", body: sessionAnswer },
    async handle({ caller, params: { id }, body }) {
      const row = await deps.changer.change([caller.tenant], actorOf(caller), async (change) => {
        if (body.status === "connecting" && (await lacksCredentials(change.tx, caller.tenant, id)))
          throw problem("conflict", {
            detail: "The session's credentials were revoked.",
            errors: [
              {
                field: "status",
                problem: "needs credentials",
                remedy: "Send new ones with PUT /v1/sessions/{id}/credentials.",
              },
            ],
          });
        return patchSession(change, caller.tenant, id, body);
      });
      if (row === undefined) throw problem("not_found");
      if (body.status === "connecting") deps.wake();
      return { body: sessionJson(row, knownCallbackUrl(deps, row)) };
    },
  });
