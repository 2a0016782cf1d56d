/** Attempts to deliver webhooks, for one tenant. */
import type { Tx } from "@wamesh/store";
import { type After, type Period, within } from "./by-time.ts";

export type DeliveryRow = {
  tenant: string;
  event_id: string;
  webhook_id: string;
  endpoint: string;
  event_type: string;
  message_id: string | null;
  attempt: number;
  outcome: string;
  http_status: number | null;
  error: string | null;
  duration_ms: number;
  next_at: Date | null;
  occurred_at: Date;
};

/** Newest first. */
export async function listDeliveries(
  tx: Tx,
  tenant: string,
  filter: Period & {
    endpoint?: string | undefined;
    outcome?: string | undefined;
    message?: string | undefined;
  },
  after: After,
  limit: number,
): Promise<DeliveryRow[]> {
  const { endpoint, outcome, message } = filter;
  return await tx<DeliveryRow[]>`
    select * from webhook_delivery where tenant = ${tenant}
      ${endpoint === undefined ? tx`` : tx`and endpoint = ${endpoint}`}
      ${outcome === undefined ? tx`` : tx`and outcome = ${outcome}`}
      ${message === undefined ? tx`` : tx`and message_id = ${message}`}
      ${within(tx, filter, after)}
    order by occurred_at desc, event_id desc limit ${limit}`;
}
