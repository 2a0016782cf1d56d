/** The SQL of campaigns. Row-level security guards below it; queries of requests name their tenant all the same. */
import type { Tx } from "@wamesh/store";
import type { CampaignMessage } from "./campaign-request.ts";
import type { CampaignPhase, Standing } from "./transition.ts";

export type Campaign = {
  id: string;
  tenant: string;
  version: number;
  name: string;
  state: CampaignPhase;
  reason: string | null;
  run: number;
  audience: string;
  /** Which upload of the list, from its start on. */
  upload: number;
  message: CampaignMessage;
  external_ref: string | null;
  rate_per_s: number | null;
  stop_on: Standing["stopOn"];
  send_at: Date | null;
  /** Of this run: whom it is for, the line up to which it was expanded, messages made, and who was left out. */
  total: number | null;
  position: number;
  expanded: number;
  skips: Record<string, number>;
  /** Over all runs, by how they ended; `retried`: of those that failed or expired. */
  sent: number;
  failed: number;
  expired: number;
  cancelled: number;
  unconfirmed: number;
  retried: number;
  ended_before: number;
  judged_ended: number;
  judged_failed: number;
  created_at: Date;
  started_at: Date | null;
  expanded_at: Date | null;
  completed_at: Date | null;
  changed_at: Date;
  published_at: Date;
};

export const outcomeNames = ["sent", "failed", "expired", "cancelled", "unconfirmed"] as const;
export type OutcomeName = (typeof outcomeNames)[number];

export type NewCampaign = Pick<
  Campaign,
  "id" | "tenant" | "name" | "audience" | "message" | "external_ref" | "rate_per_s" | "stop_on" | "send_at"
>;

const jsonOf = (tx: Tx, message: CampaignMessage) => tx.json(message as Parameters<Tx["json"]>[0]);

export async function insertCampaign(tx: Tx, made: NewCampaign): Promise<Campaign> {
  const [row] = await tx<Campaign[]>`
    insert into campaign (id, tenant, version, name, state, audience, message, external_ref, rate_per_s, stop_on, send_at)
    values (${made.id}, ${made.tenant}, 1, ${made.name}, 'draft', ${made.audience}, ${jsonOf(tx, made.message)},
      ${made.external_ref}, ${made.rate_per_s}, ${made.stop_on && tx.json(made.stop_on)}, ${made.send_at})
    returning *`;
  return row!;
}

export async function findCampaign(tx: Tx, tenant: string, id: string): Promise<Campaign | undefined> {
  const [row] = await tx<Campaign[]>`
    select * from campaign where tenant = ${tenant} and id = ${id} and state <> 'deleted'`;
  return row;
}

/** The newest first; `before`: the id of the last one seen. */
export function listCampaigns(
  tx: Tx,
  tenant: string,
  asked: { state: CampaignPhase | null; before: string | null; limit: number },
): Promise<Campaign[]> {
  return tx<Campaign[]>`
    select * from campaign
    where tenant = ${tenant} and state <> 'deleted' and (${asked.state}::text is null or state = ${asked.state})
      and (${asked.before}::text is null or id < ${asked.before})
    order by id desc limit ${asked.limit}`;
}

/** Until the end of the transaction nobody else changes it. */
export async function lockCampaign(tx: Tx, tenant: string, id: string): Promise<Campaign | undefined> {
  const [row] = await tx<Campaign[]>`
    select * from campaign where tenant = ${tenant} and id = ${id} and state <> 'deleted' for update`;
  return row;
}

/** All that changes of a locked one. */
export async function saveCampaign(tx: Tx, row: Campaign): Promise<void> {
  await tx`
    update campaign set version = ${row.version}, name = ${row.name}, state = ${row.state}, reason = ${row.reason},
      run = ${row.run}, audience = ${row.audience}, upload = ${row.upload}, message = ${jsonOf(tx, row.message)},
      external_ref = ${row.external_ref}, rate_per_s = ${row.rate_per_s}, stop_on = ${row.stop_on && tx.json(row.stop_on)},
      send_at = ${row.send_at}, total = ${row.total}, position = ${row.position}, expanded = ${row.expanded},
      skips = ${tx.json(row.skips)}, sent = ${row.sent}, failed = ${row.failed}, expired = ${row.expired},
      cancelled = ${row.cancelled}, unconfirmed = ${row.unconfirmed}, retried = ${row.retried},
      ended_before = ${row.ended_before}, judged_ended = ${row.judged_ended}, judged_failed = ${row.judged_failed},
      started_at = ${row.started_at}, expanded_at = ${row.expanded_at}, completed_at = ${row.completed_at},
      changed_at = ${row.changed_at}, published_at = ${row.published_at}
    where tenant = ${row.tenant} and id = ${row.id}`;
}

/** A draft only: nothing was ever told of it. */
export async function deleteDraft(tx: Tx, tenant: string, id: string): Promise<boolean> {
  return (
    (await tx`delete from campaign where tenant = ${tenant} and id = ${id} and state = 'draft'`).count === 1
  );
}

export type AtWork = Pick<Campaign, "id" | "tenant" | "state">;

/** Those that are being expanded, and those scheduled whose time has come; who waited longest first. */
export async function campaignsAtWork(
  tx: Tx,
  nowMs: number,
  limit: number,
  /** Tenants without room: theirs wait, and keep nobody else's from their turn. */
  isFull: (tenant: string) => boolean,
): Promise<AtWork[]> {
  const expanding = await tx<{ tenant: string }[]>`
    select distinct tenant from campaign where state = 'expanding'`;
  const full = expanding.map(({ tenant }) => tenant).filter(isFull);
  return tx<AtWork[]>`
    select id, tenant, state from campaign
    where state in ('scheduled', 'expanding')
      and case state when 'expanding' then tenant <> all(${full}) else send_at <= ${new Date(nowMs)} end
    order by changed_at limit ${limit}`;
}

export type Skip = { line: number; reason: string; problem: string };

export async function addSkips(
  tx: Tx,
  of: Pick<Campaign, "tenant" | "id" | "run">,
  skips: readonly Skip[],
): Promise<void> {
  if (skips.length === 0) return;
  await tx`
    insert into campaign_skip (tenant, campaign, run, line, reason, problem)
    select ${of.tenant}, ${of.id}, ${of.run}, * from unnest(${skips.map(({ line }) => line)}::bigint[],
      ${skips.map(({ reason }) => reason)}::text[], ${skips.map(({ problem }) => problem)}::text[])
    on conflict do nothing`;
}

/** Of its present run, in order of their lines, after `after`. */
export function listSkips(
  tx: Tx,
  of: Pick<Campaign, "tenant" | "id" | "run">,
  after: number,
  limit: number,
): Promise<Skip[]> {
  return tx<Skip[]>`
    select line, reason, problem from campaign_skip
    where tenant = ${of.tenant} and campaign = ${of.id} and run = ${of.run} and line > ${after} order by line limit ${limit}`;
}

export type Outcome = {
  tenant: string;
  campaign: string;
  message: string;
  status: OutcomeName;
  rank: number;
};
export type Moved = {
  tenant: string;
  campaign: string;
  status: OutcomeName;
  before: string | null;
  count: number;
};

/**
 * Keeps the highest rank of each message, and tells how many moved from what to what. Each message once; a message's statuses
 * lie in one partition, so nobody else writes its row meanwhile.
 */
export function foldOutcomes(tx: Tx, outcomes: readonly Outcome[]): Promise<Moved[]> {
  return tx<Moved[]>`
    with said as (
      select * from unnest(${outcomes.map(({ tenant }) => tenant)}::text[], ${outcomes.map(({ campaign }) => campaign)}::text[],
        ${outcomes.map(({ message }) => message)}::uuid[], ${outcomes.map(({ status }) => status)}::text[],
        ${outcomes.map(({ rank }) => rank)}::smallint[]) as s (tenant, campaign, message, status, rank)),
    known as (
      select o.campaign, o.message, o.status from said s
      join campaign_outcome o on o.campaign = s.campaign and o.message = s.message),
    kept as (
      insert into campaign_outcome as o (tenant, campaign, message, status, rank)
      select tenant, campaign, message, status, rank from said order by campaign, message
      on conflict (campaign, message) do update set status = excluded.status, rank = excluded.rank
        where o.rank < excluded.rank and o.tenant = excluded.tenant and o.status <> 'retried'
      returning o.tenant, o.campaign, o.message, o.status)
    select kept.tenant, kept.campaign, kept.status, known.status as before, count(*)::int as count
    from kept left join known on known.campaign = kept.campaign and known.message = kept.message
    group by 1, 2, 3, 4`;
}

/** Those of these messages that failed or expired and were not made again. */
export async function retryableOf(
  tx: Tx,
  campaign: string,
  messages: readonly string[],
): Promise<Set<string>> {
  const rows = await tx<{ message: string }[]>`
    select message from campaign_outcome
    where campaign = ${campaign} and message = any(${[...messages]}::uuid[]) and status in ('failed', 'expired')`;
  return new Set(rows.map(({ message }) => message));
}

/** Another message stands in their place. Returns how many. */
export async function markRetried(tx: Tx, campaign: string, messages: readonly string[]): Promise<number> {
  if (messages.length === 0) return 0;
  return (
    await tx`
      update campaign_outcome set status = 'retried'
      where campaign = ${campaign} and message = any(${[...messages]}::uuid[]) and status in ('failed', 'expired')`
  ).count;
}
