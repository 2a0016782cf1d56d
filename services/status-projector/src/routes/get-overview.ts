import { z } from "@hono/zod-openapi";
import { type ApiRoute, route } from "@wamesh/http";
import type { Sql } from "@wamesh/store";
import { attentionOf } from "../attention.ts";
import { backlogOf } from "../backlog.ts";
import type { DispatchStates } from "../dispatch-states.ts";
import { type Family, reachOf } from "../reach.ts";
import type { Activity } from "../reads/activity.ts";
import { readOverview, readStanding } from "../reads/standing.ts";
import { iso } from "./shapes.ts";

const count = z.int();

const overviewShape = z
  .object({
    attention: z
      .array(
        z.object({
          severity: z.enum(["high", "medium", "low"]),
          code: z.string(),
          tenant: z.string(),
          object_kind: z.string(),
          object_id: z.string(),
          text: z.string(),
          since: z.iso.datetime().nullable(),
        }),
      )
      .describe("What a person should look at, worst first."),
    today: z
      .object({ accepted: count, sent: count, delivered: count, read: count, failed: count })
      .describe("Since midnight UTC."),
    queued: z.object({ otp: count, standard: count, bulk: count }),
    oldest_wait_s: z.int().nullable(),
  })
  .openapi("Overview");

export function getOverview(deps: {
  sql: Sql;
  dispatch: DispatchStates;
  family: Family;
  now: () => number;
}): ApiRoute {
  return route({
    method: "get",
    path: "/v1/status/overview",
    scope: "status:read",
    summary: "What needs attention, and how today goes",
    description: "Over your tenant and its children; for the operator, over all tenants.",
    query: z.strictObject({}),
    success: { status: 200, description: "At this moment.", body: overviewShape },
    handle: async ({ caller }) => {
      const now = deps.now();
      const tenants = await reachOf(deps.sql, deps.family, caller);
      const [standing, overview] = await Promise.all([
        readStanding(deps, tenants, now),
        readOverview(deps.sql, tenants, now),
      ]);
      const { queued, oldestWaitS } = backlogOf(
        tenants.flatMap((tenant) => [...deps.dispatch.of(tenant)]),
        now,
      );
      return {
        body: {
          attention: attentionOf({ ...overview, tenants: standing }).map((one) => ({
            ...one,
            since: iso(one.since),
          })),
          today: todayOf([...overview.today.values()]),
          queued,
          oldest_wait_s: oldestWaitS,
        },
      };
    },
  });
}

function todayOf(days: readonly Activity[]) {
  const sum = (name: keyof Activity) => days.reduce((total, day) => total + day[name], 0);
  return {
    accepted: sum("accepted"),
    sent: sum("sent"),
    delivered: sum("delivered"),
    read: sum("read"),
    failed: sum("failed"),
  };
}
