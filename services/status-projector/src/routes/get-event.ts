import { z } from "@hono/zod-openapi";
import { type ApiRoute, problem, route } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";
import { readEvents } from "../reads/events.ts";
import { eventShape, viewEvent } from "./event-view.ts";

export function getEvent({ sql }: { sql: Sql }): ApiRoute {
  return route({
    method: "get",
    path: "/v1/status/events/{id}",
    scope: "status:read",
    summary: "What became of a domain event",
    params: z.strictObject({ id: z.string().min(1).max(512) }),
    query: z.strictObject({
      source: z
        .string()
        .min(1)
        .max(512)
        .optional()
        .describe("The CloudEvents source; needed where several sources use the same id."),
    }),
    success: { status: 200, description: "The event and its outcomes.", body: eventShape },
    handle: async ({ caller: { tenant }, params: { id }, query: { source } }) => {
      const found = await withTenants(sql, [tenant], (tx) => readEvents(tx, tenant, id, source));
      if (found.length > 1)
        throw problem("conflict", {
          detail: "Several sources have an event of this id.",
          errors: [
            {
              field: "source",
              problem: "is needed to tell them apart",
              remedy: `Send one of ${found.map(({ event }) => event.source).join(", ")}.`,
            },
          ],
        });
      const [one] = found;
      if (one === undefined) throw problem("not_yet_seen", { retryAfterS: 1 });
      return { body: viewEvent(one) };
    },
  });
}
