import { z } from "@hono/zod-openapi";
import {
  type ApiOptions,
  type ApiRoute,
  authenticate,
  openRoute,
  Problem,
  permit,
  problem,
  sessionAuthorization,
} from "@wamesh/http";
import type { Hub } from "../stream/hub.ts";
import { type EventName, eventNames } from "../stream/news.ts";
import { sinceOf } from "../stream/position.ts";
import type { StreamTokens } from "../stream/stream-token.ts";

const someEvents = z
  .string()
  .transform((text) => text.split(","))
  .pipe(z.array(z.enum(eventNames)).max(eventNames.length))
  .openapi({ type: "string", example: "message,counters" });

export function openStream(deps: {
  hub: Hub;
  tokens: StreamTokens;
  auth: ApiOptions["auth"];
  now: () => number;
}): ApiRoute {
  const { hub, tokens, auth, now } = deps;
  const permitted = (holder: { keyId: string; tenant: string }) =>
    permit(holder, "status:read", { directory: auth.directory, nowMs: now() });

  return openRoute({
    method: "get",
    path: "/v1/status/stream",
    summary: "What changes, as it changes",
    description:
      "Server-sent events of one tenant, named by the token (POST /v1/status/stream/token). " +
      "`message` {id, c: claim, s: status, l: lane, n: session, g: campaign, t: since when, epoch ms}; " +
      "`campaign` {id, state, expanded, counts: by status}; `session` {id, status}; `counters` as GET /v1/status/counters; `hello` {tenant, reset}: reset means that " +
      "something may have passed unseen, so fetch what you show anew. Events tell how things stand, not what happened: " +
      "what changes twice within half a second is told once, what is told twice is the same. " +
      "A broken stream goes on after `last_event_id` (or the header Last-Event-ID) for nine minutes, on any instance.",
    query: z.strictObject({
      token: z.string().max(2_048),
      last_event_id: z.string().max(64).optional().describe("`id` of the last event seen."),
      events: someEvents.optional().describe("These only, separated by commas; default all."),
    }),
    headers: z.object({
      authorization: z.string().optional(),
      cookie: z.string().optional(),
      "last-event-id": z.string().max(64).optional(),
    }),
    success: { status: 200, description: "text/event-stream" },
    handle: async ({ query, headers, note }) => {
      const nowMs = now();
      const holder = tokens.holder(query.token, nowMs);
      if (holder === null)
        throw problem("unauthorized", {
          detail: "The token is not valid or has expired: get another with POST /v1/status/stream/token.",
        });
      const caller = permitted(holder);
      if (caller instanceof Problem) throw caller;
      refuseForeign(headers, holder.tenant, nowMs);
      note({ tenant: holder.tenant, key_id: holder.keyId });
      // The header first: a browser that connects again by itself repeats the address it began with.
      const lastId = headers["last-event-id"] ?? query.last_event_id;
      const stream = hub.open({
        tenant: holder.tenant,
        events: new Set<EventName>(query.events ?? eventNames),
        since: lastId === undefined || lastId === "" ? null : (sinceOf(lastId) ?? "lost"),
        isAllowed: () => !(permitted(holder) instanceof Problem),
      });
      if (stream === null)
        throw problem("rate_limited", { detail: "Too many streams are open.", retryAfterS: 10 });
      return new Response(stream, {
        headers: {
          "content-type": "text/event-stream; charset=utf-8",
          "cache-control": "no-store",
          // For proxies that would wait for more before they pass it on.
          "x-accel-buffering": "no",
        },
      });
    },
  });

  /** Whoever also shows a key, or a signed-in browser, must reach the tenant with it: a token that got around opens nothing there. */
  function refuseForeign(
    headers: { authorization?: string | undefined; cookie?: string | undefined },
    tenant: string,
    nowMs: number,
  ): void {
    const authorization =
      headers.authorization ?? sessionAuthorization(headers, auth.openSession, nowMs).authorization;
    if (authorization === undefined) return;
    const own = authenticate({ authorization, tenant }, null, { ...auth, nowMs });
    if (own instanceof Problem) throw own;
  }
}
