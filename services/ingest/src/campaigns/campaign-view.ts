/** How a campaign reads in answers. */
import { z } from "@hono/zod-openapi";
import type { World } from "../decide.ts";
import type { QueueQuota } from "../limits/queue-quota.ts";
import { type CampaignMessage, campaignMessage } from "./campaign-request.ts";
import type { Campaign } from "./campaign-store.ts";
import { skippedOf } from "./move-campaign.ts";

export const campaignPhases = [
  "draft",
  "scheduled",
  "expanding",
  "processing",
  "paused",
  "completed",
  "cancelled",
] as const;

export const campaignParams = z.strictObject({ id: z.string().min(1).max(64) });

export const reasonCount = z.object({ reason: z.string(), count: z.int() });

const { session_id, pool, template, text, fallback, category, ttl_s } = campaignMessage.shape;
const orNull = <Field extends z.ZodType>(field: Field) => field.nullable();

export const campaignView = z
  .object({
    campaign_id: z.string(),
    name: z.string(),
    state: z.enum(campaignPhases),
    reason: z
      .string()
      .nullable()
      .describe(
        "Why it does not go on where nobody decided it: error_rate, audience_failed, session_not_connected, queue_full.",
      ),
    run: z.int().describe("Retrying those that failed is the next run."),
    audience_id: z.string(),
    session_id: orNull(session_id.unwrap()),
    pool: orNull(pool.unwrap()),
    template: orNull(template.unwrap()),
    text: orNull(text.unwrap()),
    fallback: orNull(fallback.unwrap()),
    category: orNull(category.unwrap()),
    ttl_s: orNull(ttl_s.unwrap()),
    send_at: z.iso.datetime().nullable(),
    rate_per_s: z.number().nullable(),
    stop_on: z.object({ failure_ratio: z.number(), after: z.int() }).nullable(),
    external_ref: z.string().nullable(),
    total: z.int().nullable().describe("Whom this run is for; null before it begins."),
    expanded: z.int().describe("Messages that this run has made."),
    skipped: z.int(),
    skips: z.array(reasonCount),
    created_at: z.iso.datetime(),
    started_at: z.iso.datetime().nullable(),
    completed_at: z.iso.datetime().nullable(),
    changed_at: z.iso.datetime(),
    version: z.int(),
  })
  .openapi("Campaign");

/** What a campaign may wait for, beside a person. */
export type Hindrances = {
  world: Pick<World, "session" | "sessionsInPool">;
  quota: Pick<QueueQuota, "room">;
};

export function viewCampaign(row: Campaign, hindrances: Hindrances) {
  const { message } = row;
  const time = (at: Date | null) => at?.toISOString() ?? null;
  return {
    campaign_id: row.id,
    name: row.name,
    state: row.state,
    reason: row.reason ?? whyItWaits(row, hindrances),
    run: row.run,
    audience_id: row.audience,
    session_id: message.session_id ?? null,
    pool: message.pool ?? null,
    template: message.template ?? null,
    text: message.text ?? null,
    fallback: message.fallback ?? null,
    category: message.category ?? null,
    ttl_s: message.ttl_s ?? null,
    send_at: time(row.send_at),
    rate_per_s: row.rate_per_s,
    stop_on: row.stop_on,
    external_ref: row.external_ref,
    total: row.total,
    expanded: row.expanded,
    skipped: skippedOf(row),
    skips: Object.entries(row.skips).map(([reason, count]) => ({ reason, count })),
    created_at: row.created_at.toISOString(),
    started_at: time(row.started_at),
    completed_at: time(row.completed_at),
    changed_at: row.changed_at.toISOString(),
    version: row.version,
  } satisfies z.input<typeof campaignView>;
}

/** One that runs and has no number to leave from right now, or no room for its messages, starts, waits, and says why. */
function whyItWaits(
  { state, tenant, message }: Pick<Campaign, "state" | "tenant"> & { message: CampaignMessage },
  { world, quota }: Hindrances,
): string | null {
  if (state !== "expanding" && state !== "processing") return null;
  const members =
    message.session_id === undefined
      ? world.sessionsInPool(tenant, message.pool ?? "default")
      : [world.session(message.session_id)];
  if (!members.some((one) => one?.status === "connected")) return "session_not_connected";
  return state === "expanding" && quota.room(tenant, "bulk") === 0 ? "queue_full" : null;
}
