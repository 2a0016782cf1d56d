/** Messages as GET /v1/status/messages tells them. */
export type Reason = { code: string; fault_class: string; provider_code: string | null; detail: string };

export type Message = {
  id: string;
  tenant: string;
  status: string;
  lane: string | null;
  session_id: string | null;
  provider: string | null;
  recipient: { kind: string; value: string } | null;
  template: string | null;
  category: string | null;
  external_ref: string | null;
  campaign: string | null;
  rule: string | null;
  source_event_id: string | null;
  retry_of: string | null;
  provider_id: string | null;
  claim: number;
  attempts: number;
  reason: Reason | null;
  send_at: string | null;
  not_after: string | null;
  accepted_at: string | null;
  queued_at: string | null;
  sent_at: string | null;
  delivered_at: string | null;
  read_at: string | null;
  failed_at: string | null;
  expired_at: string | null;
  cancelled_at: string | null;
};

export type MessageEvent = {
  status: string;
  origin: string;
  claim: number;
  provider_id: string | null;
  reason: Reason | null;
  next_at: string | null;
  occurred_at: string;
  recorded_at: string;
};

/** One attempt to tell an endpoint. */
export type MessageDelivery = {
  id: string;
  webhook_id: string;
  endpoint_id: string;
  event_type: string;
  attempt: number;
  outcome: string;
  occurred_at: string;
};

export type WholeMessage = Message & {
  waiting: { reason: string; until: string | null; detail: string } | null;
  timeline: readonly MessageEvent[];
  deliveries: readonly MessageDelivery[];
};
