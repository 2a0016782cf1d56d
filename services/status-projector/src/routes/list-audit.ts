import { z } from "@hono/zod-openapi";
import { type ApiRoute, page, pageOf, pageQuery, route } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";
import { type AuditRow, listAudit as readAudit } from "../reads/audit.ts";
import { afterOf, periodQuery, sortKeyOf } from "./by-time.ts";

const name = z.string().min(1).max(256).optional();

const auditShape = z
  .object({
    id: z.string(),
    tenant: z.string(),
    service: z.string().describe("That made the change."),
    actor: z
      .object({ tenant: z.string(), key_id: z.string() })
      .describe("Whose key it was; your agency's and the operator's may act for you."),
    action: z.string().describe("campaign.started, rule.changed, key.created …"),
    object: z.object({ kind: z.string(), id: z.string() }),
    detail: z.unknown().describe("What was changed; no secrets and no words of messages."),
    occurred_at: z.iso.datetime(),
  })
  .openapi("AuditEntry");

export function listAudit({ sql }: { sql: Sql }): ApiRoute {
  return route({
    method: "get",
    path: "/v1/status/audit",
    scope: "status:read",
    summary: "List who changed what, newest first",
    query: pageQuery.extend({
      action: name,
      actor_key: name,
      object_kind: name,
      object_id: name,
      ...periodQuery,
    }),
    success: { status: 200, description: "One entry per change.", body: pageOf(auditShape) },
    handle: async ({ caller: { tenant }, query }) => {
      const { cursor, limit, action, since, until } = query;
      const { actor_key: actorKey, object_kind: objectKind, object_id: objectId } = query;
      const filter = { action, actorKey, objectKind, objectId, since, until };
      const rows = await withTenants(sql, [tenant], (tx) =>
        readAudit(tx, tenant, filter, afterOf(cursor), limit + 1),
      );
      return { body: page(rows, limit, sortKeyOf, viewEntry) };
    },
  });
}

function viewEntry(row: AuditRow): z.output<typeof auditShape> {
  return {
    id: row.event_id,
    tenant: row.tenant,
    service: row.service,
    actor: { tenant: row.actor_tenant, key_id: row.actor_key },
    action: row.action,
    object: { kind: row.object_kind, id: row.object_id },
    detail: parsed(row.detail),
    occurred_at: row.occurred_at.toISOString(),
  };
}

/** Whoever wrote it promised JSON; what is none is shown as it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
