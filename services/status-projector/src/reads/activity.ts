/** What happened per hour or day, over one or several tenants. */
import type { Tx } from "@wamesh/store";

export type Activity = {
  accepted: number;
  sent: number;
  delivered: number;
  read: number;
  failed: number;
  expired: number;
  cancelled: number;
};

/** From `from` on, before `to`; epoch ms, compared by the hour. */
export type Span = { from: number; to: number };

function sums(tx: Tx) {
  return tx`sum(accepted)::bigint as accepted, sum(sent)::bigint as sent, sum(delivered)::bigint as delivered,
    sum(read)::bigint as read, sum(failed)::bigint as failed, sum(expired)::bigint as expired,
    sum(cancelled)::bigint as cancelled`;
}

export const dimensions = ["category", "session", "campaign", "tenant"] as const;
export type Dimension = (typeof dimensions)[number];

/** By time, then key; `at` begins the interval. */
export async function readActivity(
  tx: Tx,
  tenants: readonly string[],
  of: Span & { intervalS: number; by: Dimension },
  limit: number,
): Promise<(Activity & { at: Date; key: string })[]> {
  return await tx<(Activity & { at: Date; key: string })[]>`
    select to_timestamp(floor(extract(epoch from at) / ${of.intervalS}::integer) * ${of.intervalS}::integer) as at,
      ${tx(of.by)} as key, ${sums(tx)}
    from activity
    where tenant = any(${tenants}) and at >= ${new Date(of.from)} and at < ${new Date(of.to)}
    group by 1, 2
    having sum(accepted) <> 0 or sum(sent) <> 0 or sum(delivered) <> 0 or sum(read) <> 0 or sum(failed) <> 0
      or sum(expired) <> 0 or sum(cancelled) <> 0
    order by 1, 2 limit ${limit}`;
}

/** By tenant; one without any activity is absent. */
export async function readTotals(
  tx: Tx,
  tenants: readonly string[],
  { from, to }: Span,
): Promise<Map<string, Activity>> {
  const rows = await tx<(Activity & { tenant: string })[]>`
    select tenant, ${sums(tx)} from activity
    where tenant = any(${tenants}) and at >= ${new Date(from)} and at < ${new Date(to)} group by tenant`;
  return new Map(rows.map(({ tenant, ...activity }) => [tenant, activity]));
}

export type UsageRow = {
  tenant: string;
  category: string;
  provider: string;
  session: string;
  messages: number;
  delivered: number;
  billable: number;
};

/** What left within the span, by tenant, session, category and provider, in this order. */
export async function readUsage(
  tx: Tx,
  tenants: readonly string[],
  { from, to }: Span,
  after: readonly [tenant: string, session: string, category: string, provider: string] | null,
  limit: number,
): Promise<UsageRow[]> {
  return await tx<UsageRow[]>`
    select tenant, session, category, provider, sum(sent)::bigint as messages,
      sum(delivered)::bigint as delivered, sum(billable)::bigint as billable
    from activity
    where tenant = any(${tenants}) and at >= ${new Date(from)} and at < ${new Date(to)}
      ${after === null ? tx`` : tx`and (tenant, session, category, provider) > (${after[0]}, ${after[1]}, ${after[2]}, ${after[3]})`}
    group by tenant, session, category, provider
    having sum(sent) <> 0 or sum(delivered) <> 0 or sum(billable) <> 0
    order by tenant, session, category, provider limit ${limit}`;
}
