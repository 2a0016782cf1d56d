import { z } from "@hono/zod-openapi";
import { type ApiRoute, decodeCursor, page, pageOf, pageQuery, route } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";
import { availability, type Observed } from "../availability.ts";
import { backlogOfSession, waitS } from "../backlog.ts";
import type { DispatchStates } from "../dispatch-states.ts";
import { readObserved, listSessions as readSessions, type SessionRow } from "../reads/sessions.ts";
import { iso } from "./shapes.ts";

const dayMs = 86_400_000;
const text = z.string().nullable();

const sessionShape = z
  .object({
    session_id: z.string(),
    name: z.string(),
    status: z.string(),
    provider: z.string(),
    account: z.string(),
    phone: text,
    quality: text.describe("green, yellow, red or unknown; null: the provider did not say."),
    limit: text.describe("The provider's word for how many people may be written to."),
    availability_24h: z
      .number()
      .nullable()
      .describe("Connected over wanted time, 0 to 1; null: nothing was observed."),
    queued: z.int(),
    oldest_wait_s: z.int().nullable(),
    effective_rate_per_s: z.number().nullable().describe("null: nothing waits, so nobody paces it."),
    configured_rate_per_s: z.number().nullable(),
    held: z.array(z.object({ reason: z.string(), count: z.int() })),
    last_event_at: z.iso.datetime().nullable(),
  })
  .openapi("SessionStatus");

export function listSessions(deps: { sql: Sql; dispatch: DispatchStates; now: () => number }): ApiRoute {
  return route({
    method: "get",
    path: "/v1/status/sessions",
    scope: "status:read",
    summary: "How the sessions are, and what waits for them",
    query: pageQuery,
    success: { status: 200, description: "By their ids.", body: pageOf(sessionShape) },
    handle: async ({ caller: { tenant }, query: { cursor, limit } }) => {
      const now = deps.now();
      const states = [...deps.dispatch.of(tenant)];
      const [after = ""] = decodeCursor(cursor, z.tuple([z.string().max(1_300)])) ?? [];
      return await withTenants(deps.sql, [tenant], async (tx) => {
        const rows = await readSessions(tx, tenant, after, limit + 1);
        const ids = rows.map(({ session }) => session);
        const observed = await readObserved(tx, tenant, ids, now - dayMs);
        const view = (row: SessionRow) => ({
          ...viewSession(row, observed.get(row.session) ?? [], now),
          ...viewBacklog(row.session),
        });
        return { body: page(rows, limit, ({ session }) => [session], view) };
      });

      function viewBacklog(session: string) {
        const { queued, effectivePerS, held } = backlogOfSession(states, session);
        return { queued, effective_rate_per_s: effectivePerS, held };
      }
    },
  });
}

function viewSession(row: SessionRow, observed: readonly Observed[], now: number) {
  return {
    session_id: row.session,
    name: row.name,
    status: row.status,
    provider: row.provider,
    account: row.account,
    phone: row.phone,
    quality: row.quality,
    limit: row.message_limit,
    availability_24h: availability(observed, now - dayMs, now),
    oldest_wait_s: waitS(row.oldest_waiting_at?.getTime() ?? null, now),
    configured_rate_per_s: row.rate_per_s,
    last_event_at: iso(row.last_event_at),
  };
}
