/** How the rows that changed stand now. */
import { type Sql, type Tx, withTenants } from "@wamesh/store";
import type { Kind } from "./kinds.ts";

export type Wanted = { tenant: string; kind: Kind; id: string };
export type MessageState = {
  tenant: string;
  id: string;
  claim: number;
  status: string;
  lane: string | null;
  session: string | null;
  campaign: string | null;
  at: Date;
};
export type CampaignProgress = {
  tenant: string;
  id: string;
  state: string;
  expanded: number;
  /** By status. */
  counts: Record<string, number> | null;
};
export type SessionStatus = { tenant: string; id: string; status: string };
export type States = { messages: MessageState[]; campaigns: CampaignProgress[]; sessions: SessionStatus[] };

/**
 * Those that are none (a reference alone, a row of another tenant) are left out. A campaign is told of also when only its
 * messages moved: so its counts do.
 */
export async function readStates(sql: Sql, wanted: readonly Wanted[]): Promise<States> {
  const tenants = [...new Set(wanted.map(({ tenant }) => tenant))];
  const of = (kind: Kind) => wanted.filter((one) => one.kind === kind);
  return await withTenants(sql, tenants, async (tx) => {
    const messages = await readMessages(tx, of("message"));
    const moved = new Map<string, Place>();
    for (const { tenant, id } of of("campaign")) moved.set(`${tenant} ${id}`, { tenant, id });
    for (const { tenant, campaign: id } of messages)
      if (id !== null) moved.set(`${tenant} ${id}`, { tenant, id });
    const [campaigns, sessions] = await Promise.all([
      readCampaigns(tx, [...moved.values()]),
      readSessions(tx, of("session")),
    ]);
    return { messages, campaigns, sessions };
  });
}

type Place = { tenant: string; id: string };

async function readMessages(tx: Tx, of: readonly Place[]): Promise<MessageState[]> {
  if (of.length === 0) return [];
  return await tx<MessageState[]>`
    select m.tenant, m.message_id::text as id, m.claim, m.status, m.lane, m.session, m.campaign, m.state_at as at
    from unnest(${tenantsOf(of)}::text[], ${idsOf(of)}::uuid[]) as a(tenant, id)
    join message m on m.tenant = a.tenant collate "C" and m.message_id = a.id
    where m.status is not null`;
}

async function readCampaigns(tx: Tx, of: readonly Place[]): Promise<CampaignProgress[]> {
  if (of.length === 0) return [];
  return await tx<CampaignProgress[]>`
    select c.tenant, c.campaign as id, c.state, c.expanded, (
      select jsonb_object_agg(status, messages) from (
        select s.status, sum(s.messages) as messages from campaign_status s
        where s.tenant = c.tenant and s.campaign = c.campaign group by s.status having sum(s.messages) <> 0
      ) as counted) as counts
    from unnest(${tenantsOf(of)}::text[], ${idsOf(of)}::text[]) as a(tenant, id)
    join campaign c on c.tenant = a.tenant collate "C" and c.campaign = a.id collate "C"`;
}

async function readSessions(tx: Tx, of: readonly Place[]): Promise<SessionStatus[]> {
  if (of.length === 0) return [];
  return await tx<SessionStatus[]>`
    select s.tenant, s.session as id, s.status
    from unnest(${tenantsOf(of)}::text[], ${idsOf(of)}::text[]) as a(tenant, id)
    join session s on s.tenant = a.tenant collate "C" and s.session = a.id collate "C"`;
}

const tenantsOf = (of: readonly Place[]) => of.map(({ tenant }) => tenant);
const idsOf = (of: readonly Place[]) => of.map(({ id }) => id);
