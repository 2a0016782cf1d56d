/** Domain events and what became of them, for one tenant. */
import type { Tx } from "@wamesh/store";
import type { Period } from "./by-time.ts";

export type EventRow = {
  tenant: string;
  event_id: string;
  source: string;
  type: string;
  subject: string | null;
  occurred_at: Date;
  received_at: Date | null;
};

export type OutcomeRow = {
  event_id: string;
  source: string;
  type: string;
  outcome: string;
  rule: string | null;
  rule_version: number | null;
  step: number | null;
  message_ids: string[];
  due_at: Date | null;
  cancelled_by_event: string | null;
  cancelled_by_source: string | null;
  reason_code: string | null;
  fault_class: string | null;
  provider_code: string | null;
  reason_detail: string | null;
  occurred_at: Date;
  recorded_at: Date;
};

export type EventWithOutcomes = { event: EventRow; outcomes: OutcomeRow[] };

/** The events of this id; several when sources share it. An outcome may be read before its event. */
export async function readEvents(
  tx: Tx,
  tenant: string,
  id: string,
  source: string | undefined,
): Promise<EventWithOutcomes[]> {
  const ofSource = source === undefined ? tx`` : tx`and source = ${source}`;
  const events = await tx<EventRow[]>`
    select * from domain_event where tenant = ${tenant} and event_id = ${id} ${ofSource} order by source`;
  const outcomes = await tx<OutcomeRow[]>`
    select ${outcomeColumns(tx)} from event_outcome o
    where tenant = ${tenant} and event_id = ${id} ${ofSource} ${inOrder(tx)}`;
  const sources = new Set([...events, ...outcomes].map((row) => row.source));
  return [...sources].map((one) => {
    const own = outcomes.filter((outcome) => outcome.source === one);
    const known = events.find((event) => event.source === one);
    return { event: known ?? eventOf(tenant, id, own[0]!), outcomes: own };
  });
}

export type EventFilter = Period & {
  type?: string | undefined;
  source?: string | undefined;
  /** Of any of its outcomes. */
  outcome?: string | undefined;
  rule?: string | undefined;
};

/** Sort key of the last item of the page before. */
export type AfterEvent = { occurredAt: number; id: string; source: string } | null;

/** Newest first, each with its outcomes. */
export async function listEvents(
  tx: Tx,
  tenant: string,
  { since, until, type, source, outcome, rule }: EventFilter,
  after: AfterEvent,
  limit: number,
): Promise<EventWithOutcomes[]> {
  const told =
    outcome === undefined && rule === undefined
      ? tx``
      : tx`and exists (
          select 1 from event_outcome o
          where o.tenant = e.tenant and o.event_id = e.event_id and o.source = e.source
            ${outcome === undefined ? tx`` : tx`and o.outcome = ${outcome}`}
            ${rule === undefined ? tx`` : tx`and o.rule = ${rule}`}
        )`;
  const events = await tx<EventRow[]>`
    select * from domain_event e
    where tenant = ${tenant}
      ${since === undefined ? tx`` : tx`and occurred_at >= ${new Date(since)}`}
      ${until === undefined ? tx`` : tx`and occurred_at < ${new Date(until)}`}
      ${type === undefined ? tx`` : tx`and type = ${type}`}
      ${source === undefined ? tx`` : tx`and source = ${source}`}
      ${told}
      ${after === null ? tx`` : tx`and (occurred_at, event_id, source) < (${new Date(after.occurredAt)}, ${after.id}, ${after.source})`}
    order by occurred_at desc, event_id desc, source desc limit ${limit}`;
  if (events.length === 0) return [];
  const outcomes = await tx<OutcomeRow[]>`
    select ${outcomeColumns(tx)}
    from unnest(${events.map((one) => one.event_id)}::text[], ${events.map((one) => one.source)}::text[])
      as asked (asked_id, asked_source)
    join event_outcome o on o.tenant = ${tenant} and o.event_id = asked_id and o.source = asked_source
    ${inOrder(tx)}`;
  const nameOf = (row: { event_id: string; source: string }) => JSON.stringify([row.event_id, row.source]);
  const byEvent = Map.groupBy(outcomes, nameOf);
  return events.map((event) => ({ event, outcomes: byEvent.get(nameOf(event)) ?? [] }));
}

function outcomeColumns(tx: Tx) {
  return tx`o.event_id, o.source, o.type, o.outcome, o.rule, o.rule_version, o.step, o.message_ids, o.due_at,
    o.cancelled_by_event, o.cancelled_by_source, o.reason_code, o.fault_class, o.provider_code, o.reason_detail,
    o.occurred_at, o.recorded_at`;
}

/** Rule by rule, step by step. */
function inOrder(tx: Tx) {
  return tx`order by o.rule nulls first, o.step nulls first, o.recorded_at, o.outcome_id`;
}

function eventOf(tenant: string, id: string, outcome: OutcomeRow): EventRow {
  const { source, type, occurred_at } = outcome;
  return { tenant, event_id: id, source, type, subject: null, occurred_at, received_at: null };
}
