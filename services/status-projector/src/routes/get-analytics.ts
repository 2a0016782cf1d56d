import { z } from "@hono/zod-openapi";
import { type ApiRoute, problem, route } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";
import { type Family, reachOf } from "../reach.ts";
import { dimensions, readActivity } from "../reads/activity.ts";
import { periodQuery } from "./by-time.ts";

const dayMs = 86_400_000;
const intervals = { hour: 3_600, day: 86_400 } as const;
/** A month of hours over a dozen keys. */
const maxItems = 10_000;

const count = z.int();
const analyticsShape = z
  .object({
    items: z.array(
      z.object({
        at: z.iso.datetime(),
        key: z.string().describe("The category, session, campaign or tenant; empty: none, or not known."),
        accepted: count,
        sent: count.describe("Handed to the provider."),
        delivered: count,
        read: count,
        failed: count,
        expired: count,
        cancelled: count,
      }),
    ),
  })
  .openapi("Analytics");

export function getAnalytics(deps: { sql: Sql; family: Family; now: () => number }): ApiRoute {
  return route({
    method: "get",
    path: "/v1/status/analytics",
    scope: "status:read",
    summary: "What happened, per hour or day",
    description:
      "Each thing counts at the time at which it happened, in UTC. Over your tenant and its children; for the operator, over " +
      "all. Intervals in which nothing happened are left out.",
    query: z.strictObject({
      from: periodQuery.since.describe("Default: 24 hours ago."),
      to: periodQuery.until.describe("Default: now."),
      interval: z.enum(["hour", "day"]).default("hour"),
      by: z.enum(dimensions).default("category"),
    }),
    success: { status: 200, description: "By time and key.", body: analyticsShape },
    handle: async ({ caller, query: { from, to, interval, by } }) => {
      const now = deps.now();
      const intervalS = intervals[interval];
      // The interval that a moment lies in is told whole.
      const begin = Math.floor((from ?? now - dayMs) / (intervalS * 1_000)) * intervalS * 1_000;
      const of = { from: begin, to: to ?? now, intervalS, by };
      const tenants = await reachOf(deps.sql, deps.family, caller);
      const rows = await withTenants(deps.sql, tenants, (tx) => readActivity(tx, tenants, of, maxItems + 1));
      if (rows.length > maxItems)
        throw problem("invalid_query", {
          errors: [
            {
              field: "from",
              problem: `asks for more than ${maxItems} rows`,
              remedy: "Ask for a shorter time, for days, or by fewer things.",
            },
          ],
        });
      return { body: { items: rows.map((row) => ({ ...row, at: row.at.toISOString() })) } };
    },
  });
}
