/** Campaigns as they stand; what became of their messages is in tallies of their own. */
import type { CampaignState } from "@wamesh/events";
import type { Row, View } from "../view.ts";

export const campaign: View = {
  table: "campaign",
  registers: { version: ["version"] },
  columns: {
    tenant: ["id", "key"],
    campaign: ["id", "key"],
    version: ["bigint", "with version"],
    name: ["text", "with version"],
    state: ["text", "with version"],
    reason: ["text", "with version"],
    run: ["integer", "with version"],
    total: ["bigint", "with version"],
    expanded: ["bigint", "with version"],
    skipped: ["bigint", "with version"],
    /** JSON: [{reason, count}]. */
    skips: ["text", "with version"],
    rate_per_s: ["double", "with version"],
    session: ["text", "with version"],
    pool: ["text", "with version"],
    template: ["text", "with version"],
    category: ["text", "with version"],
    send_at: ["time", "with version"],
    created_at: ["time", "with version"],
    started_at: ["time", "with version"],
    changed_at: ["time", "with version"],
    listed_at: ["time", "with version"],
  },
};

export function rowOfCampaign(record: CampaignState): Row {
  return {
    tenant: record.tenant,
    campaign: record.campaign,
    version: record.version,
    name: record.name,
    state: record.state,
    reason: record.reason,
    run: record.run,
    total: record.total,
    expanded: record.expanded,
    skipped: record.skipped,
    skips: JSON.stringify(record.skips.map(({ reason, count }) => ({ reason, count }))),
    rate_per_s: record.rate_per_s,
    session: record.session,
    pool: record.pool,
    template: record.template,
    category: record.category,
    send_at: record.send_at,
    created_at: record.created_at,
    started_at: record.started_at,
    changed_at: record.changed_at,
    listed_at: record.created_at ?? record.changed_at,
  };
}
