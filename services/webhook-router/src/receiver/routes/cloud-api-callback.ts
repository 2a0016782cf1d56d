import { z } from "@hono/zod-openapi";
import { type ApiRoute, problem, publicRoute } from "@wamesh/http";
import { verifyCloudApiSignature } from "@wamesh/providers";
import type { MetaApp } from "../meta-apps.ts";
import { maxCallbackBytes, type TakeIn } from "../take-in.ts";

/** One POST holds items of any number of tenants on the app. Whatever they say, it is taken in: Meta repeats what is refused. */
export function cloudApiCallback(deps: {
  apps: ReadonlyMap<string, MetaApp>;
  takeIn: TakeIn;
  refused: (provider: string) => void;
}): ApiRoute {
  return publicRoute({
    method: "post",
    path: "/callbacks/cloud-api/{app}",
    tag: "callbacks",
    summary: "Callbacks of Meta's Cloud API",
    params: z.object({ app: z.string() }),
    headers: z.object({ "x-hub-signature-256": z.string().optional() }),
    maxBodyBytes: maxCallbackBytes,
    success: { status: 200, description: "Kafka has all of it." },
    handle: async ({ params, headers, body, note }) => {
      const app = deps.apps.get(params.app);
      if (app === undefined) throw problem("not_found");
      const raw = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
      if (!verifyCloudApiSignature(raw, headers["x-hub-signature-256"], app.secret)) {
        deps.refused("cloud_api");
        throw problem("signature_invalid");
      }
      note(await deps.takeIn("cloud_api", raw));
      return {};
    },
  });
}
