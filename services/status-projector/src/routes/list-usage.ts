import { z } from "@hono/zod-openapi";
import { type ApiRoute, decodeCursor, page, pageOf, pageQuery, route } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";
import { type Family, reachOf } from "../reach.ts";
import { readUsage } from "../reads/activity.ts";

const name = z.string().max(1_300);
const sortKey = z.tuple([name, name, name, name]);

const usageShape = z
  .object({
    tenant: z.string(),
    category: z.string().describe("That was charged, where the provider said so; empty: none."),
    provider: z.string(),
    session_id: z.string(),
    messages: z.int().describe("Handed to the provider."),
    delivered: z.int(),
    billable: z.int().describe("Those that the provider said it charges."),
  })
  .openapi("Usage");

export function listUsage(deps: { sql: Sql; family: Family; now: () => number }): ApiRoute {
  return route({
    method: "get",
    path: "/v1/status/usage",
    scope: "status:read",
    summary: "What was used in a month, for bills",
    description: "By the time at which messages left, in UTC; over your tenant and its children.",
    query: pageQuery.extend({
      month: z
        .string()
        .regex(/^\d{4}-(0[1-9]|1[0-2])$/, "is not a month like 2026-11")
        .optional()
        .describe("Default: this one."),
    }),
    success: { status: 200, description: "By tenant, session and category.", body: pageOf(usageShape) },
    handle: async ({ caller, query: { month, cursor, limit } }) => {
      const span = monthOf(month ?? new Date(deps.now()).toISOString().slice(0, 7));
      const tenants = await reachOf(deps.sql, deps.family, caller);
      const rows = await withTenants(deps.sql, tenants, (tx) =>
        readUsage(tx, tenants, span, decodeCursor(cursor, sortKey), limit + 1),
      );
      return {
        body: page(
          rows,
          limit,
          (row) => [row.tenant, row.session, row.category, row.provider],
          ({ session, ...row }) => ({ ...row, session_id: session }),
        ),
      };
    },
  });
}

function monthOf(month: string): { from: number; to: number } {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return { from: Date.UTC(year, number - 1, 1), to: Date.UTC(year, number, 1) };
}
