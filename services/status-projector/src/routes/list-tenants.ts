import { z } from "@hono/zod-openapi";
import { type ApiRoute, decodeCursor, page, pageOf, pageQuery, route } from "@wamesh/http";
import type { Sql } from "@wamesh/store";
import { ofTenant, successRatio } from "../attention.ts";
import type { DispatchStates } from "../dispatch-states.ts";
import { type Family, reachOf } from "../reach.ts";
import { readStanding, type Standing } from "../reads/standing.ts";

const count = z.int();

const tenantShape = z
  .object({
    tenant: z.string(),
    name: z.string(),
    sessions: z.object({ connected: count, total: count }),
    queued: count,
    oldest_wait_s: z.int().nullable(),
    sent_24h: count,
    delivered_24h: count,
    failed_24h: count,
    success_ratio: z.number().nullable().describe("Of what ended in 24 hours, how much arrived; 0 to 1."),
    doubts: count,
    dead_24h: count,
    attention: z.array(z.object({ code: z.string(), text: z.string() })),
  })
  .openapi("TenantStatus");

export function listTenants(deps: {
  sql: Sql;
  dispatch: DispatchStates;
  family: Family;
  now: () => number;
}): ApiRoute {
  return route({
    method: "get",
    path: "/v1/status/tenants",
    scope: "status:read",
    summary: "How your tenant and its children stand",
    description: "For the operator: all tenants. By the hour: 24 whole ones and the one that has begun.",
    query: pageQuery,
    success: { status: 200, description: "By their ids.", body: pageOf(tenantShape) },
    handle: async ({ caller, query: { cursor, limit } }) => {
      const [after = ""] = decodeCursor(cursor, z.tuple([z.string().max(64)])) ?? [];
      const tenants = (await reachOf(deps.sql, deps.family, caller))
        .sort()
        .filter((tenant) => tenant > after)
        .slice(0, limit + 1);
      const standing = await readStanding(deps, tenants, deps.now());
      return { body: page(standing, limit, ({ tenant }) => [tenant], viewTenant) };
    },
  });
}

function viewTenant(tenant: Standing): z.output<typeof tenantShape> {
  const { otp, standard, bulk } = tenant.backlog.queued;
  return {
    tenant: tenant.tenant,
    name: tenant.name,
    sessions: { connected: tenant.connected, total: tenant.sessions },
    queued: otp + standard + bulk,
    oldest_wait_s: tenant.backlog.oldestWaitS,
    sent_24h: tenant.day?.sent ?? 0,
    delivered_24h: tenant.day?.delivered ?? 0,
    failed_24h: tenant.day?.failed ?? 0,
    success_ratio: successRatio(tenant.day),
    doubts: tenant.doubts,
    dead_24h: tenant.dead?.count ?? 0,
    attention: [
      ...(tenant.sessions > 0 && tenant.connected === 0
        ? [{ code: "no_session_connected", text: "None of its sessions is connected." }]
        : []),
      ...ofTenant(tenant).map(({ code, text }) => ({ code, text })),
    ],
  };
}
