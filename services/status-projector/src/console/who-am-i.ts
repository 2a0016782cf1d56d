import { type ApiRoute, authenticate, authorizationOf, openRoute, Problem } from "@wamesh/http";
import type { ConsoleDeps } from "./deps.ts";
import { meOf, meShape } from "./me.ts";
import { requestHeaders } from "./request-headers.ts";

export function whoAmI({ auth, people, now }: ConsoleDeps): ApiRoute {
  return openRoute({
    method: "get",
    path: "/console/api/me",
    summary: "Who is signed in, and which tenants they reach",
    tag: "console",
    headers: requestHeaders,
    success: { status: 200, description: "Who.", body: meShape },
    handle: async ({ headers, note }) => {
      const nowMs = now();
      const { authorization, expiresAt } = authorizationOf(headers, auth.openSession, nowMs);
      const caller = authenticate({ authorization, tenant: undefined }, null, { ...auth, nowMs });
      if (caller instanceof Problem) throw caller;
      note({ tenant: caller.tenant, key_id: caller.keyId });
      return { body: meOf(caller, people, expiresAt), headers: { "cache-control": "no-store" } };
    },
  });
}
