import { z } from "@hono/zod-openapi";
import { type ApiRoute, authenticate, isFromConsole, openRoute, Problem, problem } from "@wamesh/http";
import { sessionMs } from "@wamesh/vault";
import { cookieOf } from "./cookie.ts";
import type { ConsoleDeps } from "./deps.ts";
import { meOf, meShape } from "./me.ts";
import { requestHeaders } from "./request-headers.ts";

export function signIn({ auth, people, sessions, attempts, audit, now }: ConsoleDeps): ApiRoute {
  return openRoute({
    method: "post",
    path: "/console/api/sign-in",
    summary: "Sign in at the console with a key",
    description:
      "The key comes back sealed in a cookie for twelve hours, which scripts can't read. It stands for the key where a request " +
      "has the header `wamesh-console: 1` and comes from the same origin, and ends with the key.",
    tag: "console",
    headers: requestHeaders,
    body: z
      .strictObject({ key: z.string().trim().min(1).max(200) })
      .openapi({ example: { key: "wam_0123456789ab_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG" } }),
    success: { status: 200, description: "Who signed in.", body: meShape },
    handle: async ({ headers, body: { key }, note }) => {
      const nowMs = now();
      if (!isFromConsole(headers)) throw notFromConsole();
      const source = sourceOf(headers["x-forwarded-for"]);
      const waitS = attempts.waitS(source, nowMs);
      if (waitS > 0)
        throw problem("rate_limited", { detail: "Too many keys were wrong.", retryAfterS: waitS });
      const caller = authenticate({ authorization: `Bearer ${key}`, tenant: undefined }, null, {
        ...auth,
        nowMs,
      });
      if (caller instanceof Problem) {
        if (caller.code === "unauthorized") attempts.failed(source, nowMs);
        throw caller;
      }
      note({ tenant: caller.tenant, key_id: caller.keyId });
      audit("console.signed_in", caller);
      return {
        body: meOf(caller, people, nowMs + sessionMs),
        headers: {
          "set-cookie": cookieOf(sessions.seal(key, nowMs), sessionMs / 1_000, headers),
          "cache-control": "no-store",
        },
      };
    },
  });
}

/** No other site's form or script signs a person in with a key of its own. */
function notFromConsole(): Problem {
  return problem("invalid_header", {
    detail: "Sign in on the console's own page.",
    errors: [
      {
        field: "wamesh-console",
        problem: "is not 1, or the request comes from another site",
        remedy: "Send wamesh-console: 1 from the same origin.",
      },
    ],
  });
}

/** The last address is the one that our own proxy saw; those before it anybody can write. */
function sourceOf(forwardedFor: string | undefined): string {
  return forwardedFor?.split(",").at(-1)?.trim() ?? "direct";
}
