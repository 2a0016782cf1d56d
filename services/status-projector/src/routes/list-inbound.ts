import { z } from "@hono/zod-openapi";
import type { InboundKind } from "@wamesh/events";
import { type ApiRoute, page, pageOf, pageQuery, route } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";
import { type InboundRow, listInbound as readInbound } from "../reads/inbound.ts";
import { windowClosesAt } from "../window.ts";
import { afterOf, periodQuery, sortKeyOf } from "./by-time.ts";

const kinds = [
  "text",
  "image",
  "video",
  "audio",
  "document",
  "sticker",
  "location",
  "contacts",
  "reaction",
  "button",
  "interactive",
  "order",
  "system",
  "unsupported",
  "other",
  "preference",
  "call",
  "edit",
  "delete",
  "poll_vote",
] as const satisfies readonly InboundKind[];

const text = z.string().nullable();

const inboundShape = z
  .object({
    id: z.string(),
    tenant: z.string(),
    session_id: z.string().describe("The number it came to."),
    conversation_id: z.string(),
    from: z.object({ kind: z.string(), value: z.string() }),
    from_name: text,
    identities: z
      .array(z.object({ kind: z.string(), value: z.string() }))
      .describe("All names of the sender: phone, bsuid, parent_bsuid, lid, username."),
    group: text.describe("The group it was written in; null: to the number itself."),
    kind: z.string().describe(kinds.join(", ")),
    text,
    media: z
      .object({
        provider_id: text,
        url: text,
        mime_type: text,
        sha256: text,
        bytes: z.int().nullable(),
        file_name: text,
        voice: z.boolean(),
      })
      .nullable()
      .describe("The file; providers keep it for days only."),
    preference: z
      .object({ scope: z.string(), opted_out: z.boolean() })
      .nullable()
      .describe("kind preference: what they want of this number."),
    provider_id: z.string(),
    answers_message_id: text.describe("Your message that it answers, where known."),
    answers_provider_id: text.describe(
      "What it answers, reacts to, edits or deletes, in the provider's name.",
    ),
    window_closes_at: z.iso
      .datetime()
      .nullable()
      .describe(
        "Until then it lets the number send them anything; null: it opens no window, or the provider has none.",
      ),
    occurred_at: z.iso.datetime(),
    recorded_at: z.iso.datetime(),
  })
  .openapi("InboundMessage");

export function listInbound({ sql }: { sql: Sql }): ApiRoute {
  return route({
    method: "get",
    path: "/v1/status/inbound",
    scope: "status:read",
    summary: "List what people wrote, newest first",
    query: pageQuery.extend({
      session_id: z.string().min(1).max(64).optional(),
      recipient: z
        .string()
        .min(1)
        .max(256)
        .optional()
        .describe(
          "Who wrote, by any of their names: a number in E.164 with its + (as %2B), a business-scoped user id …",
        ),
      kind: z.enum(kinds).optional(),
      ...periodQuery,
    }),
    success: { status: 200, description: "With their content.", body: pageOf(inboundShape) },
    handle: async ({ caller: { tenant }, query }) => {
      const { cursor, limit, session_id: session, recipient, kind, since, until } = query;
      const filter = { session, recipient, kind, since, until };
      const rows = await withTenants(sql, [tenant], (tx) =>
        readInbound(tx, tenant, filter, afterOf(cursor), limit + 1),
      );
      return { body: page(rows, limit, sortKeyOf, viewInbound) };
    },
  });
}

function viewInbound(row: InboundRow): z.output<typeof inboundShape> {
  const closesAt = windowClosesAt({
    provider: row.provider,
    kind: row.kind,
    group: row.group_id,
    occurredAt: row.occurred_at.getTime(),
    recordedAt: row.recorded_at.getTime(),
  });
  return {
    id: row.event_id,
    tenant: row.tenant,
    session_id: row.session,
    conversation_id: row.conversation_id,
    from: { kind: row.sender_kind, value: row.sender },
    from_name: row.sender_name,
    identities: row.identities,
    group: row.group_id,
    kind: row.kind,
    text: row.text,
    media:
      row.media_voice === null
        ? null
        : {
            provider_id: row.media_provider_id,
            url: row.media_url,
            mime_type: row.media_mime_type,
            sha256: row.media_sha256,
            bytes: row.media_bytes,
            file_name: row.media_file_name,
            voice: row.media_voice,
          },
    preference:
      row.preference_scope === null
        ? null
        : { scope: row.preference_scope, opted_out: row.preference_opted_out ?? false },
    provider_id: row.provider_id,
    answers_message_id: row.answers_message_id,
    answers_provider_id: row.answers_provider_id,
    window_closes_at: closesAt === null ? null : new Date(closesAt).toISOString(),
    occurred_at: row.occurred_at.toISOString(),
    recorded_at: row.recorded_at.toISOString(),
  };
}
