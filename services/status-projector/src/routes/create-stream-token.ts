import { z } from "@hono/zod-openapi";
import { type ApiRoute, route } from "@wamesh/http";
import type { StreamTokens } from "../stream/stream-token.ts";

export function createStreamToken(deps: { tokens: StreamTokens; now: () => number }): ApiRoute {
  return route({
    method: "post",
    path: "/v1/status/stream/token",
    scope: "status:read",
    summary: "Get a token that opens the live stream",
    description: "For GET /v1/status/stream, for one minute; a stream that is open stays so.",
    success: {
      status: 200,
      description: "The token.",
      body: z.object({ token: z.string(), expires_at: z.iso.datetime() }).openapi("StreamToken"),
    },
    handle: async ({ caller: { keyId, tenant } }) => {
      const { token, expiresAt } = deps.tokens.issue({ keyId, tenant }, deps.now());
      return { body: { token, expires_at: new Date(expiresAt).toISOString() } };
    },
  });
}
