/** Messages of which it is not known whether they left, with their history; for one tenant. */
import type { Tx } from "@wamesh/store";
import type { SaidOfMessage } from "../evidence.ts";
import type { MessageRow } from "./messages.ts";
import { type AfterMessage, listMessages } from "./search.ts";

export const doubtful = ["in_doubt", "unconfirmed"] as const;

/** The latest first. */
export async function listDoubts(
  tx: Tx,
  tenant: string,
  after: AfterMessage,
  limit: number,
): Promise<(MessageRow & { history: SaidOfMessage[] })[]> {
  const rows = await listMessages(tx, tenant, { statuses: doubtful }, after, limit);
  const said = await tx<(SaidOfMessage & { message_id: string })[]>`
    select message_id, status, origin, claim, reason_code, reason_detail, provider_id, recorded_at
    from message_event
    where tenant = ${tenant} and message_id = any(${rows.map((row) => row.message_id)}::uuid[])
    order by recorded_at, occurred_at, claim, event_id`;
  const histories = Map.groupBy(said, ({ message_id }) => message_id);
  return rows.map((row) => ({ ...row, history: histories.get(row.message_id) ?? [] }));
}
