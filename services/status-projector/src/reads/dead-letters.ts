/** Records given up, for one or several tenants; their bytes are in the topic only. */
import type { Tx } from "@wamesh/store";
import type { After, Period } from "./by-time.ts";

export type DeadLetterRow = {
  tenant: string;
  dead_id: string;
  service: string;
  origin_topic: string;
  origin_partition: number;
  origin_offset: number;
  message_id: string | null;
  reason_code: string;
  fault_class: string;
  provider_code: string | null;
  reason_detail: string;
  attempts: number;
  occurred_at: Date;
};

/** Newest first. */
export async function listDeadLetters(
  tx: Tx,
  tenant: string,
  filter: Period & { reason?: string | undefined; faultClass?: string | undefined },
  after: After,
  limit: number,
): Promise<DeadLetterRow[]> {
  const { reason, faultClass, since, until } = filter;
  return await tx<DeadLetterRow[]>`
    select * from dead_letter where tenant = ${tenant}
      ${reason === undefined ? tx`` : tx`and reason_code = ${reason}`}
      ${faultClass === undefined ? tx`` : tx`and fault_class = ${faultClass}`}
      ${since === undefined ? tx`` : tx`and occurred_at >= ${new Date(since)}`}
      ${until === undefined ? tx`` : tx`and occurred_at < ${new Date(until)}`}
      ${after === null ? tx`` : tx`and (occurred_at, dead_id) < (${new Date(after.occurredAt)}, ${after.id})`}
    order by occurred_at desc, dead_id desc limit ${limit}`;
}

export type DeadReason = { reason: string; fault_class: string; count: number; last_at: Date };

/** The most frequent first. Counted from the index alone. */
export async function readDeadReasons(tx: Tx, tenant: string): Promise<DeadReason[]> {
  return await tx<DeadReason[]>`
    select reason_code as reason, fault_class, count(*) as count, max(occurred_at) as last_at
    from dead_letter where tenant = ${tenant}
    group by reason_code, fault_class order by count desc, reason_code, fault_class`;
}
