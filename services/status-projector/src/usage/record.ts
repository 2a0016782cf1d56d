/** What was used, as the record that tells of it. Pure. */
import { eventId, type Usage } from "@wamesh/events";
import type { UsageRow } from "./count.ts";

export function usageRecord(row: UsageRow): Usage {
  const { tenant, kind, day, session, category, provider } = row;
  return {
    usage_id: eventId(tenant, kind, day, session, category, provider),
    tenant,
    kind,
    day,
    session,
    // As stored, perhaps by a later release.
    provider: provider === "cloud_api" || provider === "wasender" ? provider : "UNKNOWN",
    category: category === "" ? null : category,
    messages: row.messages,
    delivered: row.delivered,
    billable: row.billable,
    counted_at: row.counted_at.getTime(),
  };
}
