/** The SQL of what was delivered, for the tenant's eyes: every statement names tenant and endpoint. */
import type { Tx } from "@wamesh/store";

export type DeliveryStatus = "waiting" | "delivered" | "given_up";

/** How the last attempt ended is null before the first one. */
export type DeliveryRow = {
  seq: number;
  webhook_id: string;
  event_type: string;
  message_id: string | null;
  state: DeliveryStatus;
  attempt: number;
  replayed_at_attempt: number;
  next_at: Date;
  created_at: Date;
  /** With all its digits, for a cursor. */
  created_at_text: string;
} & (AttemptEnd | { [Key in keyof AttemptEnd]: null });

export type AttemptEnd = {
  ended_at: Date;
  duration_ms: number;
  http_status: number | null;
  error: string | null;
  answer: string | null;
};

const columns = `seq, webhook_id, event_type, message_id, state, attempt, replayed_at_attempt, next_at, created_at,
  created_at::text as created_at_text, ended_at, duration_ms, http_status, error, answer`;

export type Filter = {
  status?: DeliveryStatus | undefined;
  type?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
};

/** Newest first, before `before` (created_at, seq). */
export async function listDeliveries(
  tx: Tx,
  of: { tenant: string; endpoint: string },
  filter: Filter,
  before: readonly [string, number] | null,
  limit: number,
): Promise<DeliveryRow[]> {
  const { status, type, since, until } = filter;
  // Only what is asked for stands in the statement, and states stand as literals: so their partial indexes can serve it.
  const state = {
    waiting: tx`and state = 'waiting'`,
    delivered: tx`and state = 'delivered'`,
    given_up: tx`and state = 'given_up'`,
  };
  return tx<DeliveryRow[]>`
    select ${tx.unsafe(columns)} from delivery
    where tenant = ${of.tenant} and endpoint = ${of.endpoint}
      ${status === undefined ? tx`` : state[status]}
      ${type === undefined ? tx`` : tx`and event_type = ${type}`}
      ${since === undefined ? tx`` : tx`and created_at >= ${since}::timestamptz`}
      ${until === undefined ? tx`` : tx`and created_at < ${until}::timestamptz`}
      ${before === null ? tx`` : tx`and (created_at, seq) < (${before[0]}::timestamptz, ${before[1]}::bigint)`}
    order by created_at desc, seq desc limit ${limit}`;
}

export async function findDelivery(
  tx: Tx,
  of: { tenant: string; endpoint: string },
  webhookId: string,
): Promise<(DeliveryRow & { body: string }) | undefined> {
  const [row] = await tx<(DeliveryRow & { body: string })[]>`
    select ${tx.unsafe(columns)}, body from delivery
    where webhook_id = ${webhookId} and tenant = ${of.tenant} and endpoint = ${of.endpoint}`;
  return row;
}

/** Attempts before a success, in their order; a success that was not replayed is on the delivery itself. */
export async function attemptsOf(
  tx: Tx,
  tenant: string,
  delivery: number,
): Promise<(AttemptEnd & { attempt: number })[]> {
  return tx<(AttemptEnd & { attempt: number })[]>`
    select attempt, ended_at, duration_ms, http_status, error, answer from attempt
    where tenant = ${tenant} and delivery = ${delivery} order by attempt`;
}
