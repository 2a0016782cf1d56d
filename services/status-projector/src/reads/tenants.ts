/** How tenants stand, over one or several of them. */
import type { Tx } from "@wamesh/store";

export type TenantRow = {
  tenant: string;
  name: string;
  connected: number;
  sessions: number;
  doubts: number;
};

/** Of each tenant asked for, known or not, by id. */
export async function readTenants(tx: Tx, tenants: readonly string[]): Promise<TenantRow[]> {
  return await tx<TenantRow[]>`
    select asked.tenant, coalesce(known.name, asked.tenant) as name,
      coalesce(held.connected, 0) as connected, coalesce(held.sessions, 0) as sessions,
      coalesce(counted.doubts, 0) as doubts
    from unnest(${tenants}::text[]) as asked(tenant)
    left join tenant known on known.tenant = asked.tenant collate "C"
    left join (
      select tenant, count(*) filter (where status = 'connected') as connected, count(*) as sessions
      from session where tenant = any(${tenants}) and status <> 'deleted' group by tenant
    ) held on held.tenant = asked.tenant collate "C"
    left join (
      select tenant, sum(value)::bigint as doubts from tenant_counter
      where tenant = any(${tenants}) and name in ('in_doubt', 'unconfirmed') group by tenant
    ) counted on counted.tenant = asked.tenant collate "C"
    order by asked.tenant`;
}

/** Dead letters since `from` (epoch ms), with when the last one was; a tenant without any is absent. */
export async function readDeadSince(
  tx: Tx,
  tenants: readonly string[],
  from: number,
): Promise<Map<string, { count: number; lastAt: Date }>> {
  const rows = await tx<{ tenant: string; count: number; last_at: Date }[]>`
    select tenant, count(*) as count, max(occurred_at) as last_at from dead_letter
    where tenant = any(${tenants}) and occurred_at >= ${new Date(from)} group by tenant`;
  return new Map(rows.map(({ tenant, count, last_at }) => [tenant, { count, lastAt: last_at }]));
}

export type SessionTrouble = {
  tenant: string;
  session: string;
  name: string;
  status: string;
  quality: string | null;
  since: Date;
};

/** Sessions that are not connected though they were meant to be, or of bad quality. */
export async function readSessionTroubles(
  tx: Tx,
  tenants: readonly string[],
  limit: number,
): Promise<SessionTrouble[]> {
  return await tx<SessionTrouble[]>`
    select s.tenant, s.session, s.name, s.status, f.value as quality,
      case when s.status = 'connected' then f.occurred_at else s.changed_at end as since
    from session s
    left join session_fact f on f.tenant = s.tenant and f.session = s.session and f.account = s.account
      and f.kind = 'quality' and f.value in ('red', 'yellow')
    where s.tenant = any(${tenants}) and s.status not in ('deleted', 'created')
      and (s.status <> 'connected' or f.value is not null)
    order by s.tenant, s.session limit ${limit}`;
}

export type CampaignTrouble = { tenant: string; campaign: string; name: string; reason: string; since: Date };

/** Campaigns that nobody paused and that stand still. */
export async function readCampaignTroubles(
  tx: Tx,
  tenants: readonly string[],
  limit: number,
): Promise<CampaignTrouble[]> {
  return await tx<CampaignTrouble[]>`
    select tenant, campaign, name, reason, changed_at as since from campaign
    where tenant = any(${tenants}) and state = 'paused' and reason is not null
    order by changed_at desc limit ${limit}`;
}

export type EndpointTrouble = { tenant: string; endpoint: string; since: Date };

/** Endpoints that were disabled since `from` (epoch ms) and took nothing since. */
export async function readEndpointTroubles(
  tx: Tx,
  tenants: readonly string[],
  from: number,
  limit: number,
): Promise<EndpointTrouble[]> {
  return await tx<EndpointTrouble[]>`
    select tenant, endpoint, since from (
      select tenant, endpoint, max(occurred_at) as since from webhook_delivery
      where tenant = any(${tenants}) and outcome = 'disabled' and occurred_at >= ${new Date(from)}
      group by tenant, endpoint) disabled
    where not exists (
      select from webhook_delivery d
      where d.tenant = disabled.tenant and d.endpoint = disabled.endpoint and d.occurred_at > disabled.since
        and d.outcome = 'delivered')
    order by since desc limit ${limit}`;
}
