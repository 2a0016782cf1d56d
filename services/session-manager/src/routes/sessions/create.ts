import { createHash } from "node:crypto";
import { problem, route } from "@wamesh/http";
import { wasenderCallbackUrl } from "../../callback-url.ts";
import type { PlainCredentials } from "../../credentials.ts";
import { newCallbackToken, newId } from "../../key-material.ts";
import { pendingRef } from "../../session-change.ts";
import { createSession, type NewSession } from "../../sessions.ts";
import type { Deps } from "../deps.ts";
import { actorOf } from "../reach.ts";
import { knownCallbackUrl, newSession, sessionAnswer, sessionJson } from "./shape.ts";
import { taken } from "./taken.ts";

export const create = (deps: Deps) =>
  route({
    method: "post",
    path: "/v1/sessions",
    scope: "sessions:write",
    summary: "Create a session; it is probed at once, or first made at the provider with the account's token",
    body: newSession,
    success: { status: 201, description: "The session, never its credentials.", body: sessionAnswer },
    async handle({ caller, body }) {
      if (isMadeHere(body) && body.phone === undefined)
        throw problem("invalid_body", {
          detail: "phone is needed to make the session at the provider.",
          errors: [{ field: "phone", problem: "is missing", remedy: "Send the number that will be linked." }],
        });
      if (body.provider === "cloud_api" && deps.metaApp === null) throw withoutMetaApp();
      const id = newId(deps.random, "ses");
      const token = body.provider === "wasender" ? newCallbackToken(deps.random) : null;
      const secret = body.provider === "wasender" ? body.wasender.webhook_secret : undefined;
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
          ...identity(body, id),
          callback_token_hash: token && createHash("sha256").update(token).digest("hex"),
          callback_secret_hash: secret === undefined ? null : deps.hashCallbackSecret(secret),
          sealed: deps.seal({ tenant: caller.tenant, session: id, version: 1 }, plain(body, token)),
        }),
      );
      if (made.kind === "unknown_tenant") throw problem("not_found");
      if (made.kind === "taken") throw taken(body.provider, made.what);
      deps.wake();
      const callbackUrl =
        token === null ? knownCallbackUrl(deps, made.row) : wasenderCallbackUrl(deps, token);
      return {
        body: sessionJson(made.row, callbackUrl),
        headers: { location: `/v1/sessions/${id}`, "cache-control": "no-store" },
      };
    },
  });

function withoutMetaApp() {
  return problem("not_supported", {
    detail: "This mesh has no Meta app, so nobody would hear what becomes of messages on the Cloud API.",
    errors: [
      {
        field: "provider",
        problem: "is cloud_api, for which WAMESH_META_APPS is needed",
        remedy: "The operator sets WAMESH_META_APPS for session-manager and webhook-router.",
      },
    ],
  });
}

type Body = (typeof newSession)["_output"];

/** With the account's token alone. */
function isMadeHere(body: Body): boolean {
  return body.provider === "wasender" && body.wasender.session_id === undefined;
}

type Identity = Pick<NewSession, "account_ref" | "provider_ref" | "account_token" | "made_here" | "errand">;

/** What names account and number at the provider. A WasenderApi session tells nothing of its account, so it is one by itself. */
function identity(body: Body, id: string): Identity {
  const existing = { account_token: false, made_here: false, errand: null };
  if (body.provider === "cloud_api")
    return {
      ...existing,
      account_ref: body.cloud_api.waba_id,
      provider_ref: body.cloud_api.phone_number_id,
    };
  const { session_id, account_token, account_protection = true } = body.wasender;
  if (session_id !== undefined)
    return {
      ...existing,
      account_ref: `wasender:${session_id}`,
      provider_ref: session_id,
      account_token: account_token !== undefined,
    };
  return {
    account_ref: `wasender:${id}`,
    provider_ref: pendingRef(id),
    account_token: true,
    made_here: true,
    errand: { kind: "create", step: "creating", facts: { account_protection } },
  };
}

function plain(body: Body, callbackToken: string | null): PlainCredentials {
  if (body.provider === "cloud_api") return { kind: "cloud_api", accessToken: body.cloud_api.access_token };
  const { api_key, account_token, webhook_secret } = body.wasender;
  const accountToken = account_token === undefined ? {} : { accountToken: account_token };
  return api_key === undefined
    ? { kind: "wasender", apiKey: "", ...accountToken, ...(callbackToken !== null && { callbackToken }) }
    : {
        kind: "wasender",
        apiKey: api_key,
        ...accountToken,
        ...(webhook_secret !== undefined && { callbackSecret: webhook_secret }),
      };
}
