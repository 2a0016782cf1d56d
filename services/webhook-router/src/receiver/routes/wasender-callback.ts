import { createHash } from "node:crypto";
import { z } from "@hono/zod-openapi";
import type { SessionState } from "@wamesh/events";
import { type ApiRoute, problem, publicRoute } from "@wamesh/http";
import { type CallbackPepper, verifyWasenderSecret } from "@wamesh/providers";
import { countedBody, type Refused } from "../refusal.ts";
import { bodyDeadlineMs, maxCallbackBytes, type TakeIn } from "../take-in.ts";

/**
 * The path names the session; the header repeats its secret, which is all the proof that WasenderApi offers. An unknown token
 * and a wrong secret get the same answer.
 */
export function wasenderCallback(deps: {
  /** By the SHA-256 of the path's token. */
  sessionByToken: (hash: string) => SessionState | undefined;
  peppers: readonly CallbackPepper[];
  takeIn: TakeIn;
  refused: Refused;
}): ApiRoute {
  return publicRoute({
    method: "post",
    path: "/callbacks/wasender/{token}",
    tag: "callbacks",
    summary: "Callbacks of WasenderApi",
    params: z.object({ token: z.string() }),
    headers: z.object({ "x-webhook-signature": z.string().optional() }),
    maxBodyBytes: maxCallbackBytes,
    bodyDeadlineMs,
    success: { status: 200, description: "Kafka has it." },
    handle: async ({ params, headers, readBody, note }) => {
      const session = deps.sessionByToken(createHash("sha256").update(params.token).digest("hex"));
      const hash = session?.callback_secret_hash ?? null;
      if (
        session === undefined ||
        hash === null ||
        !verifyWasenderSecret(headers["x-webhook-signature"], hash, deps.peppers)
      ) {
        deps.refused("wasender", session === undefined ? "unknown_path" : "signature");
        throw problem("signature_invalid");
      }
      const raw = await countedBody(readBody, (why) => deps.refused("wasender", why));
      const owner = { tenant: session.tenant, session: session.session, account: session.account };
      note({ tenant: owner.tenant, session: owner.session });
      note(await deps.takeIn("wasender", raw, owner));
      return {};
    },
  });
}
