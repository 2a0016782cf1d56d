/** The SQL of dead letters. Row-level security guards below it; every query names its tenant all the same, or no index is used. */
import type { Tx } from "@wamesh/store";
import type { RedriveFilter } from "./filter.ts";

export type LetterRow = {
  tenant: string;
  dead_id: string;
  origin_topic: string;
  redrivable: boolean;
  message_id: string | null;
  campaign: string | null;
  reason: string;
  fault_class: string;
  /** Epoch ms. */
  occurredAt: number;
  log_partition: number;
  log_offset: number;
};

const iso = (epochMs: number) => new Date(epochMs).toISOString();

/** The first to tell of a letter is kept. */
export async function noteLetters(tx: Tx, letters: readonly LetterRow[]): Promise<void> {
  if (letters.length === 0) return;
  const rows = letters.map(({ occurredAt, ...row }) => ({ ...row, occurred_at: iso(occurredAt) }));
  await tx`insert into dead_letter ${tx(rows)} on conflict (tenant, dead_id) do nothing`;
}

function matching(tx: Tx, tenant: string, filter: RedriveFilter) {
  return tx`
    tenant = ${tenant} and redrive is null and redriven_as is null
    ${filter.reason === undefined ? tx`` : tx`and reason = ${filter.reason}`}
    ${filter.fault_class === undefined ? tx`` : tx`and fault_class = ${filter.fault_class}`}
    ${filter.campaign === undefined ? tx`` : tx`and campaign = ${filter.campaign}`}
    ${filter.since === undefined ? tx`` : tx`and occurred_at >= ${filter.since}`}
    ${filter.until === undefined ? tx`` : tx`and occurred_at < ${filter.until}`}
    ${filter.message_ids === undefined ? tx`` : tx`and message_id = any(${filter.message_ids})`}`;
}

/** How many letters match that a redrive can send. */
export async function countLetters(tx: Tx, tenant: string, filter: RedriveFilter): Promise<number> {
  const [row] = await tx<{ count: number }[]>`
    select count(*)::int as count from dead_letter where ${matching(tx, tenant, filter)} and redrivable`;
  return row!.count;
}

/** Takes all that match for this redrive, at once: what is given up later is not part of it. Returns how many. */
export async function takeLetters(
  tx: Tx,
  tenant: string,
  filter: RedriveFilter,
  redrive: string,
): Promise<number> {
  return (
    await tx`update dead_letter set redrive = ${redrive} where ${matching(tx, tenant, filter)} and redrivable`
  ).count;
}

export type NotRedrivable = { origin: string; reason: string; count: number };

/** What matches and is no message, in words and numbers. */
export async function notRedrivable(tx: Tx, tenant: string, filter: RedriveFilter): Promise<NotRedrivable[]> {
  return await tx<NotRedrivable[]>`
    select origin_topic as origin, reason, count(*)::int as count from dead_letter
    where ${matching(tx, tenant, filter)} and not redrivable
    group by origin_topic, reason order by count(*) desc, origin_topic, reason limit 50`;
}

export type TakenLetter = Pick<LetterRow, "dead_id" | "log_partition" | "log_offset">;

/** The next ones of a redrive, locked until the transaction ends: a cancel waits for them. */
export async function nextLetters(
  tx: Tx,
  of: { tenant: string; redrive: string },
  limit: number,
): Promise<TakenLetter[]> {
  return await tx<TakenLetter[]>`
    select dead_id, log_partition, log_offset from dead_letter
    where tenant = ${of.tenant} and redrive = ${of.redrive} and redriven_as is null
    order by occurred_at, dead_id limit ${limit} for update`;
}

export async function markSent(
  tx: Tx,
  tenant: string,
  sent: readonly { deadId: string; messageId: string }[],
): Promise<void> {
  await tx`
    update dead_letter as d set redriven_as = s.message_id
    from unnest(${sent.map(({ deadId }) => deadId)}::text[], ${sent.map(({ messageId }) => messageId)}::text[])
      as s (dead_id, message_id)
    where d.tenant = ${tenant} and d.dead_id = s.dead_id`;
}

/** Free for another redrive, when what keeps them has changed. */
export async function releaseLetters(tx: Tx, tenant: string, deadIds: readonly string[]): Promise<void> {
  await tx`update dead_letter set redrive = null where tenant = ${tenant} and dead_id = any(${[...deadIds]})`;
}

export async function releaseAll(tx: Tx, of: { tenant: string; redrive: string }): Promise<void> {
  await tx`
    update dead_letter set redrive = null
    where tenant = ${of.tenant} and redrive = ${of.redrive} and redriven_as is null`;
}

/** How many were removed. */
export async function forgetLetters(tx: Tx, beforeMs: number): Promise<number> {
  return (await tx`delete from dead_letter where occurred_at < ${iso(beforeMs)}`).count;
}
