import { createHash } from "node:crypto";
import { problem, route } from "@wamesh/http";
import { newCallbackToken, newId } from "../../key-material.ts";
import { createSession } from "../../sessions.ts";
import type { Deps, PlainCredentials } from "../deps.ts";
import { actorOf } from "../reach.ts";
import {
  cloudCallbackUrl,
  newSession,
  plainWasender,
  sessionAnswer,
  sessionJson,
  wasenderCallbackUrl,
} from "./shape.ts";

export const create = (deps: Deps) =>
  route({
    method: "post",
    path: "/v1/sessions",
    scope: "sessions:write",
    summary: "Create a session; it is probed at once",
    body: newSession,
    success: { status: 201, description: "The session, never its credentials.", body: sessionAnswer },
    async handle({ caller, body }) {
      const id = newId(deps.random, "ses");
      const token = body.provider === "wasender" ? newCallbackToken(deps.random) : null;
      const made = await deps.changer.change([caller.tenant], actorOf(caller), (change) =>
        createSession(change, {
          id,
          tenant: caller.tenant,
          newAccount: newId(deps.random, "acc"),
          name: body.name,
          phone: body.phone ?? null,
          pools: body.pools,
          rate_per_s: body.rate_per_s,
          otp_only: body.otp_only,
          provider: body.provider,
          ...identity(body),
          callback_token_hash: token && createHash("sha256").update(token).digest("hex"),
          callback_secret_hash:
            body.provider === "wasender" ? deps.hashCallbackSecret(body.wasender.webhook_secret) : null,
          sealed: deps.seal({ tenant: caller.tenant, session: id, version: 1 }, plain(body)),
        }),
      );
      if (made.kind === "unknown_tenant") throw problem("not_found");
      if (made.kind === "taken") throw taken(body.provider, made.what);
      deps.probeNow();
      const callbackUrl = token === null ? cloudCallbackUrl(deps) : wasenderCallbackUrl(deps, token);
      return {
        body: sessionJson(made.row, callbackUrl),
        headers: { location: `/v1/sessions/${id}`, "cache-control": "no-store" },
      };
    },
  });

type Body = (typeof newSession)["_output"];

/** What names account and number at the provider. A WasenderApi session tells nothing of its account, so it is one by itself. */
function identity(body: Body): { account_ref: string; provider_ref: string } {
  return body.provider === "cloud_api"
    ? { account_ref: body.cloud_api.waba_id, provider_ref: body.cloud_api.phone_number_id }
    : { account_ref: `wasender:${body.wasender.session_id}`, provider_ref: body.wasender.session_id };
}

function plain(body: Body): PlainCredentials {
  return body.provider === "cloud_api"
    ? { kind: "cloud_api", accessToken: body.cloud_api.access_token }
    : plainWasender(body.wasender);
}

/** One answer whoever owns it: a tenant doesn't learn whom it shares the mesh with. */
function taken(provider: Body["provider"], what: "account" | "number") {
  const field =
    provider === "wasender"
      ? "wasender.session_id"
      : what === "account"
        ? "cloud_api.waba_id"
        : "cloud_api.phone_number_id";
  return problem("conflict", {
    detail: `${field} is in use.`,
    errors: [
      { field, problem: "is in use", remedy: "Delete the session that has it first, or ask the operator." },
    ],
  });
}
