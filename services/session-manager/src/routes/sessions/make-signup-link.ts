import { z } from "@hono/zod-openapi";
import { problem, route } from "@wamesh/http";
import { newId, newLinkToken } from "../../key-material.ts";
import { hashOfToken, makeLink } from "../../links/link-rows.ts";
import { holdTenant } from "../../tenants.ts";
import type { Deps } from "../deps.ts";
import { actorOf } from "../reach.ts";
import { linkAnswer, linkLifeS, linkUrl, otpOnly, pools, ratePerS, sessionName } from "./shape.ts";

export const makeSignupLink = (deps: Deps) =>
  route({
    method: "post",
    path: "/v1/sessions/onboarding",
    scope: "sessions:write",
    summary: "Make a link by which a business connects its own Cloud API number (Embedded Signup)",
    body: z
      .strictObject({
        name: sessionName,
        pools: pools.default(["default"]),
        rate_per_s: ratePerS.default(80),
        otp_only: otpOnly.default(false),
        expires_in_s: linkLifeS,
      })
      .openapi({ example: { name: "Support", expires_in_s: 900 } }),
    success: {
      status: 201,
      description: "The link, shown once, and the session's id to be.",
      body: linkAnswer,
    },
    async handle({ caller, body }) {
      if (deps.signup === null)
        throw problem("not_supported", {
          detail:
            "Embedded Signup is not set up: the operator sets WAMESH_META_SIGNUP_CONFIG and the app's secret.",
        });
      const token = newLinkToken(deps.random);
      const session = newId(deps.random, "ses");
      const { expires_in_s, ...wanted } = body;
      const made = await deps.changer.change([caller.tenant], actorOf(caller), async (change) => {
        if (!(await holdTenant(change.tx, caller.tenant))) throw problem("not_found");
        const link = await makeLink(
          change.tx,
          { token_hash: hashOfToken(token), tenant: caller.tenant, session, purpose: "signup", wanted },
          expires_in_s,
        );
        change.audit({
          tenant: caller.tenant,
          action: "session.signup_link_made",
          object_kind: "session",
          object_id: session,
          detail: { name: body.name, expires_at: link.expires_at.toISOString() },
        });
        return link;
      });
      return {
        body: { session, url: linkUrl(deps, token), expires_at: made.expires_at.toISOString() },
        headers: { "cache-control": "no-store" },
      };
    },
  });
