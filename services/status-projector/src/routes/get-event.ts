import { z } from "@hono/zod-openapi";
import { type ApiRoute, problem, route } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";
import { readEvents } from "../reads/events.ts";
import { iso, reasonShape, viewReason } from "./shapes.ts";

const outcomeShape = z
  .object({
    outcome: z.string().describe("messages, no_rule, condition_false, failed"),
    rule: z.string().nullable(),
    rule_version: z.int().nullable(),
    message_ids: z.array(z.string()),
    reason: reasonShape.nullable(),
    recorded_at: z.iso.datetime(),
  })
  .openapi("EventOutcome");

const eventShape = z
  .object({
    id: z.string(),
    tenant: z.string(),
    source: z.string(),
    type: z.string(),
    subject: z.string().nullable(),
    occurred_at: z.iso.datetime(),
    received_at: z.iso.datetime().nullable().describe("null where it was written into Kafka directly."),
    outcomes: z.array(outcomeShape).describe("One per rule; empty until the rules were applied."),
  })
  .openapi("Event");

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
      const { event, outcomes } = one;
      return {
        body: {
          id: event.event_id,
          tenant: event.tenant,
          source: event.source,
          type: event.type,
          subject: event.subject,
          occurred_at: event.occurred_at.toISOString(),
          received_at: iso(event.received_at),
          outcomes: outcomes.map((row) => ({
            outcome: row.outcome,
            rule: row.rule,
            rule_version: row.rule_version,
            message_ids: row.message_ids,
            reason: viewReason(row),
            recorded_at: row.recorded_at.toISOString(),
          })),
        },
      };
    },
  });
}
