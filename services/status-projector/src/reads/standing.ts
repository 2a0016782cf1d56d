/** How one or several tenants stand at a moment: what the overview and the list of tenants are made of. */
import { type Sql, withTenants } from "@wamesh/store";
import type { TenantFacts } from "../attention.ts";
import { type Backlog, backlogOf } from "../backlog.ts";
import type { DispatchStates } from "../dispatch-states.ts";
import { bucketOf, hourMs } from "../tally.ts";
import { readTotals, type Span } from "./activity.ts";
import {
  readCampaignTroubles,
  readDeadSince,
  readEndpointTroubles,
  readSessionTroubles,
  readTenants,
  type TenantRow,
} from "./tenants.ts";

export const dayMs = 86_400_000;
/** More than anybody will look at. */
const maxTroubles = 200;

export type Standing = TenantRow & TenantFacts & { backlog: Backlog };

/** In the order of their ids. `now` in epoch ms. */
export async function readStanding(
  deps: { sql: Sql; dispatch: DispatchStates },
  tenants: readonly string[],
  now: number,
): Promise<Standing[]> {
  return await withTenants(deps.sql, tenants, async (tx) => {
    const [rows, days, dead] = await Promise.all([
      readTenants(tx, tenants),
      readTotals(tx, tenants, lastDay(now)),
      readDeadSince(tx, tenants, now - dayMs),
    ]);
    return rows.map((row) => ({
      ...row,
      day: days.get(row.tenant),
      dead: dead.get(row.tenant),
      backlog: backlogOf(deps.dispatch.of(row.tenant), now),
    }));
  });
}

/** What stands badly, and what happened since midnight UTC. */
export async function readOverview(sql: Sql, tenants: readonly string[], now: number) {
  return await withTenants(sql, tenants, async (tx) => {
    const [sessions, campaigns, endpoints, today] = await Promise.all([
      readSessionTroubles(tx, tenants, maxTroubles),
      readCampaignTroubles(tx, tenants, maxTroubles),
      readEndpointTroubles(tx, tenants, now - 7 * dayMs, maxTroubles),
      readTotals(tx, tenants, { from: Math.floor(now / dayMs) * dayMs, to: now }),
    ]);
    return { sessions, campaigns, endpoints, today };
  });
}

/** 24 whole hours and the one that has begun. */
function lastDay(now: number): Span {
  return { from: bucketOf(now - dayMs, hourMs), to: now };
}
