import { z } from "@hono/zod-openapi";
import { fieldErrors, problem, publicRoute } from "@wamesh/http";
import { newId, newPin } from "../../key-material.ts";
import { findLink } from "../../links/link-rows.ts";
import { createSession, findSession } from "../../sessions.ts";
import type { Deps } from "../deps.ts";
import { linkPath, signupHandOver } from "./shape.ts";
import { taken } from "./taken.ts";

/** A code lives 30 s and opens once: should this process die on the way, the person signs in again by the same link. */
const deadlineMs = 10_000;

/** Called by the page behind a sign-up link, without a key: the link's token is what lets in. */
export const signUp = (deps: Deps) =>
  publicRoute({
    method: "post",
    path: "/v1/sessions/link/{token}/signup",
    summary: "Hand over what Embedded Signup gave: the code and the number that was chosen",
    params: linkPath,
    maxBodyBytes: 8_192,
    success: { status: 201, description: "The session.", body: z.object({ session: z.string() }) },
    async handle({ params: { token }, readBody }) {
      const found = await deps.changer.read("all", async (tx) => {
        const link = await findLink(tx, token);
        return link && { link, row: await findSession(tx, link.tenant, link.session) };
      });
      if (found === undefined || found.link.purpose !== "signup" || deps.signup === null)
        throw problem("not_found", { detail: "The link has ended." });
      const { link } = found;
      // The page may hand over twice; the first time made the session.
      if (found.row !== undefined) return { body: { session: link.session } };
      const body = read(await readBody());
      const exchanged = await deps.signup.exchange(body.code, AbortSignal.timeout(deadlineMs));
      if (exchanged.kind === "unsure")
        throw problem("not_ready", {
          detail: `The sign-in could not be checked: ${exchanged.detail}`,
          retryAfterS: 2,
        });
      if (exchanged.kind === "refused")
        throw problem("invalid_body", {
          detail: `The sign-in was refused: ${exchanged.detail}`,
          errors: [
            { field: "code", problem: "was refused", remedy: "Sign in again; a code lives 30 seconds." },
          ],
        });
      const plain = { kind: "cloud_api", accessToken: exchanged.value, pin: newPin(deps.random) } as const;
      const { name = "number", pools = ["default"], rate_per_s = 80, otp_only = false } = link.wanted;
      const actor = { tenant: link.tenant, key: "link" };
      const made = await deps.changer.change([link.tenant], actor, (change) =>
        createSession(change, {
          id: link.session,
          tenant: link.tenant,
          newAccount: newId(deps.random, "acc"),
          name,
          phone: null,
          pools,
          rate_per_s,
          otp_only,
          provider: "cloud_api",
          account_ref: body.waba_id,
          provider_ref: body.phone_number_id,
          callback_token_hash: null,
          callback_secret_hash: null,
          account_token: false,
          // Its onboarding subscribes our app to the account.
          made_here: true,
          errand: { kind: "onboard", step: "rights", facts: {} },
          sealed: deps.seal({ tenant: link.tenant, session: link.session, version: 1 }, plain),
        }),
      );
      if (made.kind === "unknown_tenant") throw problem("not_found");
      if (made.kind === "taken") throw taken("cloud_api", made.what);
      deps.wake();
      return { body: { session: link.session } };
    },
  });

function read(bytes: Uint8Array): z.output<typeof signupHandOver> {
  let given: unknown;
  try {
    given = JSON.parse(Buffer.from(bytes).toString());
  } catch {
    throw problem("invalid_json");
  }
  const parsed = signupHandOver.safeParse(given);
  if (parsed.success) return parsed.data;
  throw problem("invalid_body", { errors: fieldErrors(parsed.error.issues).errors });
}
