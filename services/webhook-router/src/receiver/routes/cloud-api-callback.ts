import { z } from "@hono/zod-openapi";
import { type ApiRoute, problem, publicRoute } from "@wamesh/http";
import { verifyCloudApiSignature } from "@wamesh/providers";
import type { MetaApp } from "../meta-apps.ts";
import { countedBody, type Refused } from "../refusal.ts";
import { bodyDeadlineMs, maxCallbackBytes, type TakeIn } from "../take-in.ts";

/** One POST holds items of any number of tenants on the app. Whatever they say, it is taken in: Meta repeats what is refused. */
export function cloudApiCallback(deps: {
  apps: ReadonlyMap<string, MetaApp>;
  takeIn: TakeIn;
  refused: Refused;
}): ApiRoute {
  return publicRoute({
    method: "post",
    path: "/callbacks/cloud-api/{app}",
    tag: "callbacks",
    summary: "Callbacks of Meta's Cloud API",
    params: z.object({ app: z.string() }),
    headers: z.object({ "x-hub-signature-256": z.string().optional() }),
    maxBodyBytes: maxCallbackBytes,
    bodyDeadlineMs,
    success: { status: 200, description: "Kafka has all of it." },
    handle: async ({ params, headers, readBody, note }) => {
      const app = deps.apps.get(params.app);
      if (app === undefined) {
        deps.refused("cloud_api", "unknown_path");
        throw problem("not_found");
      }
      const raw = await countedBody(readBody, (why) => deps.refused("cloud_api", why));
      if (!verifyCloudApiSignature(raw, headers["x-hub-signature-256"], app.secret)) {
        deps.refused("cloud_api", "signature");
        throw problem("signature_invalid");
      }
      note(await deps.takeIn("cloud_api", raw));
      return {};
    },
  });
}
