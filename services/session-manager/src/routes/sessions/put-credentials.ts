import { problem, route } from "@wamesh/http";
import type { PlainCredentials } from "../../credentials.ts";
import { isPending } from "../../session-change.ts";
import { replaceCredentials } from "../../sessions.ts";
import type { Deps } from "../deps.ts";
import { actorOf } from "../reach.ts";
import { knownCallbackUrl, newCredentials, sessionAnswer, sessionJson, sessionPath } from "./shape.ts";

export const putCredentials = (deps: Deps) =>
  route({
    method: "put",
    path: "/v1/sessions/{id}/credentials",
    scope: "sessions:write",
    summary:
      "Replace a session's credentials; they are tried at once. WasenderApi: those that are not named stay",
    params: sessionPath,
    body: newCredentials,
    success: { status: 200, description: "The session, never its credentials.", body: sessionAnswer },
    async handle({ caller, params: { id }, body }) {
      const provider = "cloud_api" in body ? "cloud_api" : "wasender";
      const given = "wasender" in body ? body.wasender : {};
      const owner = { tenant: caller.tenant, session: id };
      const row = await deps.changer.change([caller.tenant], actorOf(caller), (change) =>
        replaceCredentials(change, caller.tenant, id, {
          callbackSecretHash:
            given.webhook_secret === undefined ? null : deps.hashCallbackSecret(given.webhook_secret),
          accountToken: given.account_token !== undefined,
          seal(version, before, old) {
            if (provider !== before.provider)
              throw problem("invalid_body", {
                detail: `The session's provider is ${before.provider}.`,
                errors: [
                  { field: provider, problem: "is another provider's", remedy: `Send ${before.provider}.` },
                ],
              });
            if (isPending(before) && (given.api_key !== undefined || given.webhook_secret !== undefined))
              throw problem("conflict", {
                detail: "The session is still to be made at the provider, which gives it its own keys.",
                errors: [
                  {
                    field: "wasender.api_key",
                    problem: "does not exist yet",
                    remedy: "Send account_token only.",
                  },
                ],
              });
            const opened = deps.open(old, owner);
            return deps.seal(
              { ...owner, version },
              merge(body, opened.kind === "opened" ? opened.plain : null),
            );
          },
        }),
      );
      if (row === undefined) throw problem("not_found");
      deps.wake();
      return { body: sessionJson(row, knownCallbackUrl(deps, row)) };
    },
  });

function merge(body: (typeof newCredentials)["_output"], old: PlainCredentials | null): PlainCredentials {
  if ("cloud_api" in body)
    return {
      ...(old?.kind === "cloud_api" ? old : {}),
      kind: "cloud_api",
      accessToken: body.cloud_api.access_token,
    };
  const { api_key, account_token, webhook_secret } = body.wasender;
  const kept = old?.kind === "wasender" ? old : null;
  const apiKey = api_key ?? kept?.apiKey;
  if (apiKey === undefined)
    throw problem("invalid_body", {
      detail: "wasender.api_key is needed: the present one can't be read.",
      errors: [
        { field: "wasender.api_key", problem: "is missing", remedy: "Send the session's API key too." },
      ],
    });
  return {
    ...kept,
    kind: "wasender",
    apiKey,
    ...(account_token !== undefined && { accountToken: account_token }),
    ...(webhook_secret !== undefined && { callbackSecret: webhook_secret }),
  };
}
