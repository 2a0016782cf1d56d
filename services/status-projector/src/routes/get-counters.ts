import { z } from "@hono/zod-openapi";
import { type ApiRoute, type KeyDirectory, problem, route } from "@wamesh/http";
import type { Sql } from "@wamesh/store";
import { countersOf } from "../counters.ts";
import { readCounters, readTotals } from "../reads/counters.ts";

const count = z.int();

const countersShape = z
  .object({
    tenant: z.string(),
    accepted: count.describe("waiting + in_doubt + unconfirmed + sent + failed + expired + cancelled"),
    waiting: count.describe("Accepted, queued or claimed: the mesh has still to send them."),
    queued: count.describe("Of those waiting, the ones in the schedule."),
    in_doubt: count,
    unconfirmed: count,
    sent: count.describe("Sent, or further."),
    delivered: count.describe("Delivered, or further."),
    read: count.describe("Read, or played."),
    failed: count,
    expired: count,
    cancelled: count,
    inbound: count,
    events: count,
    as_of: z.iso.datetime().describe("When this was read."),
  })
  .openapi("Counters");

export function getCounters(deps: { sql: Sql; directory: KeyDirectory; now: () => number }): ApiRoute {
  return route({
    method: "get",
    path: "/v1/status/counters",
    scope: "status:read",
    summary: "How many messages stand where",
    description: "Exact. For the operator's own tenant: the totals of all tenants.",
    query: z.strictObject({
      tenant: z.string().min(1).max(40).optional().describe("For the operator: the tenant meant."),
    }),
    success: { status: 200, description: "The counters.", body: countersShape },
    handle: async ({ caller, query }) => {
      const tenant = query.tenant ?? caller.tenant;
      // The same answer for a tenant that does not exist: nobody learns who else is here.
      if (tenant !== caller.tenant && !(caller.isOperator && deps.directory.tenant(tenant)))
        throw problem("tenant_forbidden");
      const totals = caller.isOperator && tenant === caller.actorTenant;
      const values = totals ? await readTotals(deps.sql) : await readCounters(deps.sql, tenant);
      return { body: { tenant, ...countersOf(values), as_of: new Date(deps.now()).toISOString() } };
    },
  });
}
