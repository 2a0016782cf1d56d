import { type ApiRoute, authenticate, authorizationOf, openRoute, Problem, problem } from "@wamesh/http";
import { noCookie } from "./cookie.ts";
import type { ConsoleDeps } from "./deps.ts";
import { requestHeaders } from "./request-headers.ts";

export function signOut({ auth, audit, now }: ConsoleDeps): ApiRoute {
  return openRoute({
    method: "post",
    path: "/console/api/sign-out",
    summary: "Sign out at the console",
    description: "Takes the cookie away. A copy of it works until it expires or its key is revoked.",
    tag: "console",
    headers: requestHeaders,
    success: { status: 204, description: "The cookie is gone." },
    handle: async ({ headers, note }) => {
      const nowMs = now();
      const { authorization, expiresAt } = authorizationOf(headers, auth.openSession, nowMs);
      const away = { "set-cookie": noCookie(headers) };
      const caller = authenticate({ authorization, tenant: undefined }, null, { ...auth, nowMs });
      // Of a session that has ended anyway, the cookie goes too.
      if (caller instanceof Problem)
        throw problem(caller.code, { ...caller.facts, headers: { ...caller.facts.headers, ...away } });
      note({ tenant: caller.tenant, key_id: caller.keyId });
      if (expiresAt !== null) audit("console.signed_out", caller);
      return { headers: away };
    },
  });
}
