/** How campaigns read in answers. */
import { z } from "@hono/zod-openapi";
import type { Tx } from "@wamesh/store";
import { etaS, leavingPerS, paceWindow } from "../campaign-pace.ts";
import { type CampaignCount, type CampaignRow, readCampaignCounts, readSent } from "../reads/campaigns.ts";
import { messageStatuses } from "../reads/search.ts";
import { iso } from "./shapes.ts";

const text = z.string().nullable();
const time = z.iso.datetime().nullable();

export const campaignShape = z
  .object({
    campaign_id: z.string(),
    name: z.string(),
    state: z.string().describe("draft, scheduled, expanding, processing, paused, completed, cancelled"),
    reason: text.describe("Why it stands so, where nobody decided it."),
    run: z.int(),
    total: z.int().nullable().describe("Recipients of its audience; null: not known yet."),
    expanded: z.int().describe("Messages made so far."),
    skipped: z.int(),
    skips: z.array(z.object({ reason: z.string(), count: z.int() })),
    rate_per_s: z.number().nullable().describe("The pace its owner allows; null: that of its sessions."),
    session_id: text,
    pool: text,
    template: text,
    category: text,
    counts: z.record(z.string(), z.int()).describe("Messages by the status they have; those of none are 0."),
    leaving_per_s: z.number().describe("Messages that left per second, over the last minute."),
    eta_s: z.int().nullable().describe("Until all will have left at this pace; null: nobody knows."),
    errors: z
      .array(z.object({ code: z.string(), fault_class: z.string(), count: z.int() }))
      .describe("Why those failed, expired or are in doubt that did, most frequent first."),
    send_at: time,
    created_at: time,
    started_at: time,
    changed_at: z.iso.datetime(),
    completed_at: time,
  })
  .openapi("CampaignStatus");

/** With what their messages add up to. `now` in epoch ms. */
export async function withMessages(
  tx: Tx,
  tenant: string,
  rows: readonly CampaignRow[],
  now: number,
): Promise<(row: CampaignRow) => z.output<typeof campaignShape>> {
  const ids = rows.map(({ campaign }) => campaign);
  const [counts, sent] = await Promise.all([
    readCampaignCounts(tx, tenant, ids),
    readSent(tx, tenant, ids, paceWindow(now)),
  ]);
  return (row) =>
    viewCampaign(
      row,
      counts.filter(({ campaign }) => campaign === row.campaign),
      sent.get(row.campaign) ?? 0,
      now,
    );
}

function viewCampaign(
  row: CampaignRow,
  found: readonly CampaignCount[],
  sent: number,
  now: number,
): z.output<typeof campaignShape> {
  const counts: Record<string, number> = Object.fromEntries(messageStatuses.map((status) => [status, 0]));
  for (const { status, messages } of found) counts[status] = (counts[status] ?? 0) + messages;
  const { state, total, expanded, skipped } = row;
  const waiting = counts.accepted! + counts.queued! + counts.claimed!;
  const perS = leavingPerS(sent, row.started_at?.getTime() ?? null, now);
  return {
    campaign_id: row.campaign,
    name: row.name,
    state,
    reason: row.reason,
    run: row.run,
    total,
    expanded,
    skipped,
    skips: JSON.parse(row.skips),
    rate_per_s: row.rate_per_s,
    session_id: row.session,
    pool: row.pool,
    template: row.template,
    category: row.category,
    counts,
    leaving_per_s: perS,
    eta_s: etaS({ state, total, expanded, skipped, waiting }, perS),
    errors: errorsOf(found),
    send_at: iso(row.send_at),
    created_at: iso(row.created_at),
    started_at: iso(row.started_at),
    changed_at: row.changed_at.toISOString(),
    completed_at: state === "completed" ? row.changed_at.toISOString() : null,
  };
}

/** The same reason of several statuses is one. */
function errorsOf(found: readonly CampaignCount[]): { code: string; fault_class: string; count: number }[] {
  const errors = new Map<string, { code: string; fault_class: string; count: number }>();
  for (const { reason_code: code, fault_class, messages } of found) {
    if (code === "") continue;
    const id = `${code} ${fault_class}`;
    errors.set(id, { code, fault_class, count: (errors.get(id)?.count ?? 0) + messages });
  }
  return [...errors.values()].sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}
