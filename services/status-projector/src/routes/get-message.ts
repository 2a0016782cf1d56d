import { z } from "@hono/zod-openapi";
import { type ApiRoute, problem, route } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";
import type { Arrivals } from "../arrivals.ts";
import type { DispatchStates } from "../dispatch-states.ts";
import { listDeliveries } from "../reads/deliveries.ts";
import { type MessageEventRow, readMessage, readTimeline } from "../reads/messages.ts";
import { waitingOf } from "../waiting.ts";
import { deliveryShape, viewDelivery } from "./delivery-shape.ts";
import { iso, messageShape, reasonShape, viewMessage, viewReason } from "./shapes.ts";

const maxWaitS = 30;
/** Of a message; who wants all of them lists deliveries by message. */
const maxDeliveries = 100;

const eventShape = z
  .object({
    status: z.string(),
    origin: z.string().describe("mesh: decided here; provider: a receipt."),
    claim: z.int(),
    provider_id: z.string().nullable(),
    reason: reasonShape.nullable(),
    next_at: z.iso.datetime().nullable().describe("queued: not before."),
    occurred_at: z.iso.datetime(),
    recorded_at: z.iso.datetime(),
  })
  .openapi("MessageEvent");

const mistake = `is not a number of seconds from 0 to ${maxWaitS}`;

const waitingShape = z
  .object({
    reason: z.string().describe("Stable code of the registry of reasons."),
    until: z.iso.datetime().nullable().describe("An estimate, null when nobody knows."),
    detail: z.string(),
  })
  .openapi("Waiting");

export function getMessage(deps: {
  sql: Sql;
  arrivals: Arrivals;
  dispatch: DispatchStates;
  now: () => number;
}): ApiRoute {
  const { sql, arrivals, dispatch, now } = deps;

  async function find(tenant: string, id: string) {
    return await withTenants(sql, [tenant], async (tx) => {
      const [row, timeline, deliveries] = await Promise.all([
        readMessage(tx, tenant, id),
        readTimeline(tx, tenant, id),
        listDeliveries(tx, tenant, { message: id }, null, maxDeliveries),
      ]);
      if (row === null) return null;
      const queued = timeline.findLast(({ status }) => status === "queued");
      const waiting = waitingOf(row, queued, dispatch.of(tenant), now());
      return {
        ...viewMessage(row),
        waiting: waiting === null ? null : { ...waiting, until: isoOf(waiting.until) },
        timeline: timeline.map(viewEvent),
        deliveries: deliveries.map(viewDelivery).reverse(),
      };
    });
  }

  return route({
    method: "get",
    path: "/v1/status/messages/{id}",
    scope: "status:read",
    summary: "Where a message stands, and how it got there",
    description: "404 not_yet_seen also for a message accepted a moment ago; `wait` waits for it.",
    params: z.strictObject({ id: z.uuid().toLowerCase() }),
    query: z.strictObject({
      wait: z
        .string()
        .regex(/^\d{1,2}$/, mistake)
        .transform(Number)
        .refine((seconds) => seconds <= maxWaitS, mistake)
        .default(0)
        .openapi({ type: "integer", minimum: 0, maximum: maxWaitS, default: 0 }),
    }),
    success: {
      status: 200,
      description: "Its state and its timeline, oldest first.",
      body: messageShape
        .extend({
          waiting: waitingShape.nullable().describe("Why it has not left; null once it has, or has ended."),
          timeline: z.array(eventShape),
          deliveries: z
            .array(deliveryShape)
            .describe(`The last ${maxDeliveries} attempts to tell your endpoints of it, oldest first.`),
        })
        .openapi("MessageWithTimeline"),
    },
    handle: async ({ caller: { tenant }, params: { id }, query, signal }) => {
      let found = await find(tenant, id);
      if (found === null && query.wait > 0) {
        const timeoutMs = query.wait * 1_000;
        if (await arrivals.wait({ tenant, id, timeoutMs, signal })) found = await find(tenant, id);
      }
      if (found === null) throw problem("not_yet_seen", { retryAfterS: 1 });
      return { body: found };
    },
  });
}

function isoOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function viewEvent(row: MessageEventRow): z.output<typeof eventShape> {
  return {
    status: row.status,
    origin: row.origin,
    claim: row.claim,
    provider_id: row.provider_id,
    reason: viewReason(row),
    next_at: iso(row.next_at),
    occurred_at: row.occurred_at.toISOString(),
    recorded_at: row.recorded_at.toISOString(),
  };
}
