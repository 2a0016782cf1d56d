import { z } from "@hono/zod-openapi";
import { type ApiRoute, problem, publicRoute } from "@wamesh/http";
import type { MetaApp } from "../meta-apps.ts";
import { sameText } from "../same-text.ts";

/** Meta asks once, when the callback address is set, and wants its challenge back as plain text. */
export function cloudApiChallenge({ apps }: { apps: ReadonlyMap<string, MetaApp> }): ApiRoute {
  return publicRoute({
    method: "get",
    path: "/callbacks/cloud-api/{app}",
    tag: "callbacks",
    summary: "Meta's verification of a callback address",
    params: z.object({ app: z.string() }),
    query: z.object({
      "hub.mode": z.literal("subscribe"),
      "hub.verify_token": z.string(),
      "hub.challenge": z.string().max(1024),
    }),
    success: { status: 200, description: "The challenge." },
    handle: async ({ params, query }) => {
      const app = apps.get(params.app);
      if (app === undefined) throw problem("not_found");
      if (!sameText(query["hub.verify_token"], app.verifyToken)) throw problem("signature_invalid");
      return new Response(query["hub.challenge"], { headers: { "content-type": "text/plain" } });
    },
  });
}
