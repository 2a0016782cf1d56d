import { z } from "@hono/zod-openapi";
import { type ApiRoute, decodeCursor, page, pageOf, pageQuery, route } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";
import { type Family, reachOf } from "../reach.ts";
import { readLedger } from "../reads/ledger.ts";
import { bucketOf, hourMs } from "../tally.ts";
import { periodQuery } from "./by-time.ts";

const count = z.int();
const sortKey = z.tuple([z.int().min(0).max(253_402_300_799_999), z.string().max(64)]);

const ledgerShape = z
  .object({
    at: z.iso.datetime().describe("The hour in which they were accepted."),
    tenant: z.string(),
    accepted: count.describe("Told by the acceptances."),
    final: count.describe(
      "Told by the statuses, as the next two: sent or further, failed, expired, cancelled.",
    ),
    waiting: count,
    doubtful: count,
    difference: count.describe(
      "accepted − final − waiting − doubtful. Above 0: no word came back of so many yet; below 0: so many were heard of " +
        "whose acceptance was not read. Of an hour long past it is 0.",
    ),
  })
  .openapi("LedgerHour");

export function getLedger(deps: { sql: Sql; family: Family; now: () => number }): ApiRoute {
  return route({
    method: "get",
    path: "/v1/status/ledger",
    scope: "status:read",
    summary: "That nothing was lost: what was accepted, and what became of it",
    description:
      "Over your tenant and its children. Messages that don't add up are named by `npm run reconcile`.",
    query: pageQuery.extend({
      from: periodQuery.since.describe("Default: 24 hours ago."),
      to: periodQuery.until.describe("Default: now."),
    }),
    success: { status: 200, description: "Newest hour first.", body: pageOf(ledgerShape) },
    handle: async ({ caller, query: { from, to, cursor, limit } }) => {
      const now = deps.now();
      const span = { from: bucketOf(from ?? now - 24 * hourMs, hourMs), to: to ?? now };
      const tenants = await reachOf(deps.sql, deps.family, caller);
      const rows = await withTenants(deps.sql, tenants, (tx) =>
        readLedger(tx, tenants, span, decodeCursor(cursor, sortKey), limit + 1),
      );
      return {
        body: page(
          rows,
          limit,
          ({ at, tenant }) => [at.getTime(), tenant],
          ({ at, ...row }) => ({
            ...row,
            at: at.toISOString(),
            difference: row.accepted - row.final - row.waiting - row.doubtful,
          }),
        ),
      };
    },
  });
}
