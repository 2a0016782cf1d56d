import { z } from "@hono/zod-openapi";
import { type ApiRoute, problem, route } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";
import { readCampaign, readCurve } from "../reads/campaigns.ts";

const seconds = { "10s": 10, minute: 60, hour: 3_600 } as const;
/** Five and a half hours in tens of seconds; a longer campaign is looked at in minutes. */
const maxPoints = 2_000;

const count = z.int();
const curveShape = z
  .object({
    interval_s: z.int(),
    points: z.array(
      z.object({ at: z.iso.datetime(), sent: count, delivered: count, read: count, failed: count }),
    ),
  })
  .openapi("CampaignCurve");

export function getCampaignCurve({ sql }: { sql: Sql }): ApiRoute {
  return route({
    method: "get",
    path: "/v1/status/campaigns/{id}/curve",
    scope: "status:read",
    summary: "How a campaign went over time",
    description:
      `What happened in each interval, by the times of what happened, oldest first; intervals in which nothing did are ` +
      `left out, and only the last ${maxPoints} are told.`,
    params: z.strictObject({ id: z.string().min(1).max(64) }),
    query: z.strictObject({ interval: z.enum(["10s", "minute", "hour"]).default("minute") }),
    success: { status: 200, description: "Its course.", body: curveShape },
    handle: async ({ caller: { tenant }, params: { id }, query: { interval } }) =>
      await withTenants(sql, [tenant], async (tx) => {
        if ((await readCampaign(tx, tenant, id)) === null) throw problem("not_found");
        const points = await readCurve(tx, tenant, id, seconds[interval], maxPoints);
        return {
          body: {
            interval_s: seconds[interval],
            points: points.map((point) => ({ ...point, at: point.at.toISOString() })),
          },
        };
      }),
  });
}
