/** What was observed of a session and of its account, for one tenant. */
import type { Tx } from "@wamesh/store";
import { type After, type Period, within } from "./by-time.ts";

export type SessionEventRow = {
  tenant: string;
  event_id: string;
  /** Empty: of the account as a whole. */
  session: string;
  account: string | null;
  kind: string;
  status: string | null;
  value: string | null;
  template_name: string | null;
  template_language: string | null;
  template_provider_id: string | null;
  template_event: string | null;
  template_status: string | null;
  template_quality: string | null;
  template_category: string | null;
  template_reason: string | null;
  evidence: string;
  reason_code: string | null;
  fault_class: string | null;
  provider_code: string | null;
  reason_detail: string | null;
  detail: string;
  occurred_at: Date;
  recorded_at: Date;
};

/** Newest first; null for a session of which nothing is known. */
export async function listSessionEvents(
  tx: Tx,
  tenant: string,
  session: string,
  filter: Period & { kind?: string | undefined },
  after: After,
  limit: number,
): Promise<SessionEventRow[] | null> {
  const [known] = await tx<{ account: string | null }[]>`
    select account from session where tenant = ${tenant} and session = ${session}
    union all
    (select account from session_event where tenant = ${tenant} and session = ${session} order by occurred_at desc, event_id desc limit 1)`;
  if (known === undefined) return null;
  const kind = filter.kind === undefined ? tx`` : tx`and kind = ${filter.kind}`;
  // Two lists, each in the order of its index, of which the newest are taken.
  const newest = tx`${kind} ${within(tx, filter, after)} order by occurred_at desc, event_id desc limit ${limit}`;
  return await tx<SessionEventRow[]>`
    (select * from session_event where tenant = ${tenant} and session = ${session} ${newest})
    union all
    (select * from session_event where tenant = ${tenant} and session = '' and account = ${known.account} ${newest})
    order by occurred_at desc, event_id desc
    limit ${limit}`;
}
