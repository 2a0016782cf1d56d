/** Campaigns, what became of their messages, and their course over time; for one tenant. */
import type { Tx } from "@wamesh/store";

export type CampaignRow = {
  campaign: string;
  name: string;
  state: string;
  reason: string | null;
  run: number;
  total: number | null;
  expanded: number;
  skipped: number;
  skips: string;
  rate_per_s: number | null;
  session: string | null;
  pool: string | null;
  template: string | null;
  category: string | null;
  send_at: Date | null;
  created_at: Date | null;
  started_at: Date | null;
  changed_at: Date;
  listed_at: Date;
};

export type CampaignCount = {
  campaign: string;
  status: string;
  reason_code: string;
  fault_class: string;
  messages: number;
};

export async function readCampaign(tx: Tx, tenant: string, id: string): Promise<CampaignRow | null> {
  const [row] = await tx<CampaignRow[]>`
    select * from campaign where tenant = ${tenant} and campaign = ${id}`;
  return row ?? null;
}

/** Newest first. `after`: sort key of the last one of the page before. */
export async function listCampaigns(
  tx: Tx,
  tenant: string,
  state: string | undefined,
  after: { listedAt: number; id: string } | null,
  limit: number,
): Promise<CampaignRow[]> {
  return await tx<CampaignRow[]>`
    select * from campaign where tenant = ${tenant}
      ${state === undefined ? tx`` : tx`and state = ${state}`}
      ${after === null ? tx`` : tx`and (listed_at, campaign) < (${new Date(after.listedAt)}, ${after.id})`}
    order by listed_at desc, campaign desc limit ${limit}`;
}

export async function readCampaignCounts(
  tx: Tx,
  tenant: string,
  ids: readonly string[],
): Promise<CampaignCount[]> {
  return await tx<CampaignCount[]>`
    select campaign, status, reason_code, fault_class, messages from campaign_status
    where tenant = ${tenant} and campaign = any(${ids}) and messages <> 0`;
}

/** How many left from `from` on and before `before` (epoch ms), by campaign; none is absent. */
export async function readSent(
  tx: Tx,
  tenant: string,
  ids: readonly string[],
  { from, before }: { from: number; before: number },
): Promise<Map<string, number>> {
  const rows = await tx<{ campaign: string; sent: number }[]>`
    select campaign, sum(sent)::bigint as sent from campaign_curve
    where tenant = ${tenant} and campaign = any(${ids}) and at >= ${new Date(from)} and at < ${new Date(before)}
    group by campaign`;
  return new Map(rows.map(({ campaign, sent }) => [campaign, sent]));
}

export type CurvePoint = { at: Date; sent: number; delivered: number; read: number; failed: number };

/** The last `limit` intervals in which anything happened, oldest first. */
export async function readCurve(
  tx: Tx,
  tenant: string,
  id: string,
  intervalS: number,
  limit: number,
): Promise<CurvePoint[]> {
  return await tx<CurvePoint[]>`
    select * from (
      select to_timestamp(floor(extract(epoch from at) / ${intervalS}::integer) * ${intervalS}::integer) as at,
        sum(sent)::bigint as sent, sum(delivered)::bigint as delivered, sum(read)::bigint as read,
        sum(failed)::bigint as failed
      from campaign_curve
      where tenant = ${tenant} and campaign = ${id} and (sent <> 0 or delivered <> 0 or read <> 0 or failed <> 0)
      group by 1 order by 1 desc limit ${limit}
    ) newest order by at`;
}
