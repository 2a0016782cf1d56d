import { z } from "@hono/zod-openapi";
import type { SessionEventKind } from "@wamesh/events";
import { type ApiRoute, page, pageOf, pageQuery, problem, route } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";
import { listSessionEvents as readEvents, type SessionEventRow } from "../reads/session-events.ts";
import { afterOf, periodQuery, sortKeyOf } from "./by-time.ts";
import { reasonShape, viewReason } from "./shapes.ts";

const kinds = [
  "status",
  "throttled",
  "paused",
  "send_failed",
  "quality",
  "limit",
  "template",
  "account",
  "other",
] as const satisfies readonly SessionEventKind[];

const text = z.string().nullable();

const sessionEventShape = z
  .object({
    id: z.string(),
    tenant: z.string(),
    session_id: text.describe("null: about the account as a whole."),
    account_id: text,
    kind: z.string().describe(kinds.join(", ")),
    status: text.describe("kind status: the state observed."),
    value: text.describe(
      "quality: green, yellow, red or unknown; limit: the provider's word for how many people may be written to; " +
        "template, account and other: what happened.",
    ),
    template: z
      .object({
        name: z.string(),
        language: z.string(),
        provider_id: text,
        event: z.string().describe("status, quality, category or components: what changed."),
        status: text,
        quality: text,
        category: text,
        reason: text,
      })
      .nullable()
      .describe("kind template: which one, and what became of it."),
    evidence: z.string().describe("How it is known: callback, probe, send, operator."),
    reason: reasonShape.nullable(),
    detail: z.string(),
    occurred_at: z.iso.datetime(),
    recorded_at: z.iso.datetime(),
  })
  .openapi("SessionEvent");

export function listSessionEvents({ sql }: { sql: Sql }): ApiRoute {
  return route({
    method: "get",
    path: "/v1/status/sessions/{id}/events",
    scope: "status:read",
    summary: "List what was observed of a session and its account, newest first",
    description: "With what was observed of the account as a whole: its templates, limits and restrictions.",
    params: z.strictObject({ id: z.string().min(1).max(64) }),
    query: pageQuery.extend({ kind: z.enum(kinds).optional(), ...periodQuery }),
    success: { status: 200, description: "Each with its evidence.", body: pageOf(sessionEventShape) },
    handle: async ({ caller: { tenant }, params: { id }, query }) => {
      const { cursor, limit, kind, since, until } = query;
      const rows = await withTenants(sql, [tenant], (tx) =>
        readEvents(tx, tenant, id, { kind, since, until }, afterOf(cursor), limit + 1),
      );
      if (rows === null) throw problem("not_found");
      return { body: page(rows, limit, sortKeyOf, viewSessionEvent) };
    },
  });
}

function viewSessionEvent(row: SessionEventRow): z.output<typeof sessionEventShape> {
  return {
    id: row.event_id,
    tenant: row.tenant,
    session_id: row.session === "" ? null : row.session,
    account_id: row.account,
    kind: row.kind,
    status: row.status,
    value: row.value,
    template:
      row.template_name === null
        ? null
        : {
            name: row.template_name,
            language: row.template_language ?? "",
            provider_id: row.template_provider_id,
            event: row.template_event ?? "",
            status: row.template_status,
            quality: row.template_quality,
            category: row.template_category,
            reason: row.template_reason,
          },
    evidence: row.evidence,
    reason: viewReason(row),
    detail: row.detail,
    occurred_at: row.occurred_at.toISOString(),
    recorded_at: row.recorded_at.toISOString(),
  };
}
