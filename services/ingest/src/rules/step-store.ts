/** The SQL of steps that wait. Row-level security guards below it; every query names its tenant all the same, or no index is used. */
import type { Tx } from "@wamesh/store";
import type { EventName } from "../events/outcome.ts";
import type { MessageRequest } from "../message-request.ts";
import type { Run, WaitingStep } from "./begin-rule.ts";

const iso = (epochMs: number) => new Date(epochMs).toISOString();

/** What is told of a step when it no longer waits. */
export type EndedStep = {
  tenant: string;
  source: string;
  event_id: string;
  event_type: string;
  rule: string;
  version: number;
  step: number;
  occurred_at: Date;
  due_at: Date;
  /** When it began to wait. */
  since: Date;
};

export type DueStep = EndedStep & {
  run: string;
  fingerprint: string;
  request: MessageRequest;
};

/** A message of an event that is to be made when there is room. */
export type Deferred = {
  event: EventName;
  rule: Pick<Run["rule"], "id" | "version">;
  run: string;
  waiting: WaitingStep;
};

export type Met = { known: boolean; others: boolean; state: "active" | "paused" | "deleted" };

/**
 * Whether this event has begun the rule before, whether steps of other events wait under one of its keys, and what the rule is by
 * now: it stays so until the end of the transaction.
 */
export async function meetRun(tx: Tx, run: Run): Promise<Met> {
  const { tenant } = run.event;
  const [row] = await tx<Met[]>`
    with locked as (select state from rule where tenant = ${tenant} and id = ${run.rule.id} for share)
    select (select state from locked) as state,
      exists (select 1 from rule_step where tenant = ${tenant} and run = ${run.id}) as known,
      exists (
        select 1 from rule_step
        where tenant = ${tenant} and rule = ${run.rule.id} and key_token = any(${run.keys})
          and state in ('waiting', 'held') and run <> ${run.id}
      ) as others`;
  return row!;
}

/** A run of which nothing waits leaves a mark all the same: it has begun. */
const noStep = -1;

export async function beginWaiting(
  tx: Tx,
  run: Run,
  state: "waiting" | "held",
  nowMs: number,
): Promise<void> {
  const of = {
    tenant: run.event.tenant,
    run: run.id,
    source: run.event.source,
    event_id: run.event.id,
    rule: run.rule.id,
    version: run.rule.version,
    event_type: run.event.type,
    occurred_at: iso(run.event.occurredAt),
    since: iso(nowMs),
    changed_at: iso(nowMs),
  };
  if (run.waiting.length === 0) {
    const mark = { ...of, step: noStep, state: "done", due_at: iso(nowMs) };
    await tx`insert into rule_step ${tx(mark)}`;
    return;
  }
  const rows = run.waiting.map((one) => ({
    ...of,
    step: one.step,
    state,
    due_at: iso(one.dueAt),
    fingerprint: one.fingerprint,
    key_token: run.keys[0]!,
    request: JSON.stringify(one.request),
    is_otp: one.request.lane === "otp",
  }));
  await tx`insert into rule_step ${tx(rows)}`;
}

/** Belongs to no key: nothing but its rule's end calls it off. */
const noKey = "no room";

/** Messages of events that find no room. One that waits or has waited already stays as it is. */
export async function waitForRoom(tx: Tx, made: readonly Deferred[], nowMs: number): Promise<void> {
  const rows = made.map(({ event, rule, run, waiting }) => ({
    tenant: event.tenant,
    run,
    step: waiting.step,
    source: event.source,
    event_id: event.id,
    rule: rule.id,
    version: rule.version,
    event_type: event.type,
    state: "waiting",
    is_otp: waiting.request.lane === "otp",
    occurred_at: iso(event.occurredAt),
    due_at: iso(waiting.dueAt),
    since: iso(nowMs),
    fingerprint: waiting.fingerprint,
    key_token: noKey,
    request: JSON.stringify(waiting.request),
    changed_at: iso(nowMs),
  }));
  await tx`insert into rule_step ${tx(rows)} on conflict (tenant, run, step) do nothing`;
}

/** Calls waiting steps off: of these keys, of this version or all, of other events or any. */
export async function endWaiting(
  tx: Tx,
  of: { tenant: string; rule: string; keys: readonly string[]; version?: number; butRun?: string },
  nowMs: number,
): Promise<EndedStep[]> {
  return tx<EndedStep[]>`
    update rule_step set state = 'cancelled', key_token = null, request = null, changed_at = ${iso(nowMs)}
    where tenant = ${of.tenant} and rule = ${of.rule} and key_token = any(${[...of.keys]})
      and state in ('waiting', 'held')
      ${of.version === undefined ? tx`` : tx`and version = ${of.version}`}
      ${of.butRun === undefined ? tx`` : tx`and run <> ${of.butRun}`}
    returning ${ended(tx)}`;
}

/** Calls off all that waits of a rule. */
export async function endRule(tx: Tx, tenant: string, rule: string, nowMs: number): Promise<EndedStep[]> {
  return tx<EndedStep[]>`
    update rule_step set state = 'cancelled', key_token = null, request = null, changed_at = ${iso(nowMs)}
    where tenant = ${tenant} and rule = ${rule} and state in ('waiting', 'held')
    returning ${ended(tx)}`;
}

/** A paused rule's steps are held, and wait again when it goes on. */
export async function holdSteps(tx: Tx, tenant: string, rule: string, hold: boolean): Promise<void> {
  const [from, to] = hold ? ["waiting", "held"] : ["held", "waiting"];
  await tx`
    update rule_step set state = ${to!} where tenant = ${tenant} and rule = ${rule} and state = ${from!}`;
}

export async function tenantsThatWait(tx: Tx): Promise<string[]> {
  const rows = await tx<{ tenant: string }[]>`
    with recursive waiting (tenant) as (
      select min(tenant) from rule_step where state = 'waiting'
      union all
      select (select min(s.tenant) from rule_step s where s.state = 'waiting' and s.tenant > w.tenant)
      from waiting w where w.tenant is not null
    )
    select tenant from waiting where tenant is not null`;
  return rows.map(({ tenant }) => tenant);
}

/** How many of a tenant's steps may be made now. */
export type Room = { tenant: string; otp: number; others: number };

/**
 * Steps that are due and have room, locked until the end of the transaction; what others have locked is left to them. So many of
 * each tenant at a time, so that one whose steps fall due all at once keeps nobody else's waiting.
 */
export async function takeDue(
  tx: Tx,
  nowMs: number,
  rooms: readonly Room[],
  inAll: number,
): Promise<DueStep[]> {
  const rows = await tx<(Omit<DueStep, "request"> & { request: string })[]>`
    select due.* from unnest(
      ${rooms.flatMap(({ tenant }) => [tenant, tenant])}::text[],
      ${rooms.flatMap(() => ["otp", "others"])}::text[],
      ${rooms.flatMap(({ otp, others }) => [otp, others])}::integer[]
    ) as w (tenant, part, room) cross join lateral (
      select run, fingerprint, request, ${ended(tx)} from rule_step s
      where s.tenant = w.tenant and s.is_otp = (w.part = 'otp') and s.state = 'waiting' and s.due_at <= ${iso(nowMs)}
      order by s.due_at limit w.room for update skip locked
    ) due
    limit ${inAll}`;
  return rows.map((row) => ({ ...row, request: JSON.parse(row.request) as MessageRequest }));
}

export async function finishSteps(tx: Tx, steps: readonly DueStep[], nowMs: number): Promise<void> {
  await tx`
    update rule_step s set state = 'done', key_token = null, request = null, changed_at = ${iso(nowMs)}
    from unnest(
      ${steps.map((one) => one.tenant)}::text[], ${steps.map((one) => one.run)}::text[],
      ${steps.map((one) => one.step)}::integer[]
    ) as d (tenant, run, step)
    where s.tenant = d.tenant and s.run = d.run and s.step = d.step`;
}

/** How many were removed. */
export async function forgetSteps(tx: Tx, beforeMs: number): Promise<number> {
  return (
    await tx`delete from rule_step where state in ('done', 'cancelled') and changed_at < ${iso(beforeMs)}`
  ).count;
}

function ended(tx: Tx) {
  return tx`tenant, source, event_id, event_type, rule, version, step, occurred_at, due_at, since`;
}
