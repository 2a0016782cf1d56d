/** A message and its history, for one tenant. Every query names the tenant; row-level security is the net below. */
import type { Tx } from "@wamesh/store";

export type MessageRow = {
  tenant: string;
  message_id: string;
  first_at: Date;
  status: string;
  origin: string;
  claim: number;
  state_at: Date;
  reason_code: string | null;
  fault_class: string | null;
  provider_code: string | null;
  reason_detail: string | null;
  provider_id: string | null;
  attempts: number | null;
  lane: string | null;
  session: string | null;
  provider: string | null;
  recipient_kind: string | null;
  recipient: string | null;
  campaign: string | null;
  rule: string | null;
  source_event_id: string | null;
  source_event_source: string | null;
  template: string | null;
  category: string | null;
  billable: boolean | null;
  priced_as: string | null;
  recipient_token: string | null;
  external_ref: string | null;
  retry_of: string | null;
  send_at: Date | null;
  not_after: Date | null;
  accepted_at: Date | null;
  queued_at: Date | null;
  claimed_at: Date | null;
  sent_at: Date | null;
  delivered_at: Date | null;
  read_at: Date | null;
  failed_at: Date | null;
  expired_at: Date | null;
  cancelled_at: Date | null;
};

/** Null while nothing, or only a reference, is known of it. */
export async function readMessage(tx: Tx, tenant: string, id: string): Promise<MessageRow | null> {
  const [row] = await tx<MessageRow[]>`
    select * from message where tenant = ${tenant} and message_id = ${id} and status is not null`;
  return row ?? null;
}

export type MessageEventRow = {
  status: string;
  origin: string;
  claim: number;
  reason_code: string | null;
  fault_class: string | null;
  provider_code: string | null;
  reason_detail: string | null;
  provider_id: string | null;
  next_at: Date | null;
  occurred_at: Date;
  recorded_at: Date;
};

/** In the order in which the mesh learned of it: a provider's times have whole seconds, and clocks of their own. */
export async function readTimeline(tx: Tx, tenant: string, id: string): Promise<MessageEventRow[]> {
  return await tx<MessageEventRow[]>`
    select status, origin, claim, reason_code, fault_class, provider_code, reason_detail, provider_id, next_at,
      occurred_at, recorded_at
    from message_event
    where tenant = ${tenant} and message_id = ${id} and status <> 'reference'
    order by recorded_at, occurred_at, claim, event_id`;
}
