/** A transition into a campaign's row, and what then holds into the log: one transaction, so that what commits is told. */
import type { CampaignState } from "@wamesh/events";
import { enqueue, type Tx } from "@wamesh/store";
import type { Records } from "../records.ts";
import { type Campaign, saveCampaign } from "./campaign-store.ts";
import { type Command, type Standing, type Transition, transition } from "./transition.ts";

export type MoveDeps = { records: Pick<Records, "campaign">; now: () => number };

export function standingOf(row: Campaign): Standing {
  return {
    state: row.state,
    reason: row.reason,
    run: row.run,
    sendAt: row.send_at?.getTime() ?? null,
    stopOn: row.stop_on,
    isExpanded: row.expanded_at !== null,
    expanded: row.expanded,
    ended: endedOf(row),
    failed: row.failed,
    endedBefore: row.ended_before,
    judgedEnded: row.judged_ended,
    judgedFailed: row.judged_failed,
    retryable: row.failed + row.expired - row.retried,
  };
}

function endedOf({ sent, failed, expired, cancelled, unconfirmed }: Campaign): number {
  return sent + failed + expired + cancelled + unconfirmed;
}

/** The row as it then stands; not saved yet. `row` must be locked. */
export function moved(row: Campaign, command: Command, nowMs: number): { row: Campaign; done: Transition } {
  const done = transition(standingOf(row), command, nowMs);
  if (done.kind !== "moved") return { row, done };
  const { to } = done;
  const at = new Date(nowMs);
  const isNewRun = to.run !== undefined && to.run !== row.run;
  const begins = to.state === "expanding" && (row.started_at === null || isNewRun);
  const after: Campaign = {
    ...row,
    state: to.state,
    reason: to.reason === undefined ? row.reason : to.reason,
    run: to.run ?? row.run,
    send_at: to.sendAt === undefined ? row.send_at : dateOf(to.sendAt),
    expanded: to.expanded ?? row.expanded,
    ended_before: to.endedBefore ?? row.ended_before,
    judged_ended: to.judgedEnded ?? row.judged_ended,
    judged_failed: to.judgedFailed ?? row.judged_failed,
    expanded_at: to.isExpanded === undefined ? row.expanded_at : to.isExpanded ? at : null,
    started_at: begins && row.started_at === null ? at : row.started_at,
    completed_at: to.state === "completed" ? at : isNewRun ? null : row.completed_at,
    ...(isNewRun && { position: 0, skips: {}, total: row.failed + row.expired - row.retried }),
  };
  return { row: after, done };
}

/** How often the counts of one that is being expanded are told. */
const countsEveryMs = 1_000;

/** Saves a locked row, and tells of it where it tells something new. */
export async function save(tx: Tx, deps: MoveDeps, before: Campaign, row: Campaign): Promise<Campaign> {
  const at = new Date(deps.now());
  const saved: Campaign = {
    ...row,
    changed_at: at,
    ...(isNews(before, row, at) && { version: row.version + 1, published_at: at }),
  };
  await saveCampaign(tx, saved);
  if (saved.version !== row.version) await enqueue(tx, [deps.records.campaign(recordOf(saved))]);
  return saved;
}

function isNews(before: Campaign, row: Campaign, at: Date): boolean {
  if (row.state !== before.state || row.run !== before.run || row.reason !== before.reason) return true;
  if (row.expanded === before.expanded && skippedOf(row) === skippedOf(before)) return false;
  return row.state !== "expanding" || at.getTime() - row.published_at.getTime() >= countsEveryMs;
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

export function skippedOf({ skips }: Pick<Campaign, "skips">): number {
  return Object.values(skips).reduce((sum, count) => sum + count, 0);
}

export function recordOf(row: Campaign): CampaignState {
  const { message } = row;
  return {
    tenant: row.tenant,
    campaign: row.id,
    version: row.version,
    name: row.name,
    state: row.state,
    total: row.total,
    expanded: row.expanded,
    skipped: skippedOf(row),
    rate_per_s: row.rate_per_s,
    changed_at: row.changed_at.getTime(),
    reason: row.reason,
    run: row.run,
    skips: Object.entries(row.skips).map(([reason, count]) => ({ reason, count })),
    send_at: row.send_at?.getTime() ?? null,
    session: message.session_id ?? null,
    pool: message.session_id === undefined ? (message.pool ?? "default") : null,
    template: message.template?.name ?? null,
    category: message.category ?? null,
    created_at: row.created_at.getTime(),
    started_at: row.started_at?.getTime() ?? null,
  };
}
