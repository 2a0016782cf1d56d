/** Domain events and what became of them, for one tenant. */
import type { Tx } from "@wamesh/store";

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
  source: string;
  type: string;
  outcome: string;
  rule: string | null;
  rule_version: number | null;
  message_ids: string[];
  reason_code: string | null;
  fault_class: string | null;
  provider_code: string | null;
  reason_detail: string | null;
  occurred_at: Date;
  recorded_at: Date;
};

/** The events of this id; several when sources share it. An outcome may be read before its event. */
export async function readEvents(
  tx: Tx,
  tenant: string,
  id: string,
  source: string | undefined,
): Promise<{ event: EventRow; outcomes: OutcomeRow[] }[]> {
  const ofSource = source === undefined ? tx`` : tx`and source = ${source}`;
  const events = await tx<EventRow[]>`
    select * from domain_event where tenant = ${tenant} and event_id = ${id} ${ofSource} order by source`;
  const outcomes = await tx<OutcomeRow[]>`
    select source, type, outcome, rule, rule_version, message_ids, reason_code, fault_class, provider_code,
      reason_detail, occurred_at, recorded_at
    from event_outcome where tenant = ${tenant} and event_id = ${id} ${ofSource}
    order by recorded_at, outcome_id`;
  const sources = new Set([...events, ...outcomes].map((row) => row.source));
  return [...sources].map((one) => {
    const own = outcomes.filter((outcome) => outcome.source === one);
    const known = events.find((event) => event.source === one);
    return { event: known ?? eventOf(tenant, id, own[0]!), outcomes: own };
  });
}

function eventOf(tenant: string, id: string, outcome: OutcomeRow): EventRow {
  const { source, type, occurred_at } = outcome;
  return { tenant, event_id: id, source, type, subject: null, occurred_at, received_at: null };
}
