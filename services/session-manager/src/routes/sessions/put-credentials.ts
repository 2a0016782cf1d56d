import { problem, route } from "@wamesh/http";
import { replaceCredentials } from "../../sessions.ts";
import type { Deps } from "../deps.ts";
import { actorOf } from "../reach.ts";
import {
  knownCallbackUrl,
  newCredentials,
  plainWasender,
  sessionAnswer,
  sessionJson,
  sessionPath,
} from "./shape.ts";

export const putCredentials = (deps: Deps) =>
  route({
    method: "put",
    path: "/v1/sessions/{id}/credentials",
    scope: "sessions:write",
    summary: "Replace a session's credentials; they are tried at once",
    params: sessionPath,
    body: newCredentials,
    success: { status: 200, description: "The session, never its credentials.", body: sessionAnswer },
    async handle({ caller, params: { id }, body }) {
      const provider = "cloud_api" in body ? "cloud_api" : "wasender";
      const secret = "wasender" in body ? body.wasender.webhook_secret : undefined;
      const row = await deps.changer.change([caller.tenant], actorOf(caller), (change) =>
        replaceCredentials(change, caller.tenant, id, {
          callbackSecretHash: secret === undefined ? null : deps.hashCallbackSecret(secret),
          seal(version, { provider: actual }) {
            if (provider !== actual)
              throw problem("invalid_body", {
                detail: `The session's provider is ${actual}.`,
                errors: [{ field: provider, problem: "is another provider's", remedy: `Send ${actual}.` }],
              });
            return deps.seal(
              { tenant: caller.tenant, session: id, version },
              "cloud_api" in body
                ? { kind: "cloud_api", accessToken: body.cloud_api.access_token }
                : plainWasender(body.wasender),
            );
          },
        }),
      );
      if (row === undefined) throw problem("not_found");
      deps.probeNow();
      return { body: sessionJson(row, knownCallbackUrl(deps, row)) };
    },
  });
