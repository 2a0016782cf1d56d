/** What the read model says of a set of messages, so that two ways of telling it the same things can be compared. */
import type postgres from "postgres";
import type { Sent } from "./rig.ts";

/** One line per message in the order of the set: where it stands, when each thing happened, and its history. No ids, no recording times. */
export async function modelOf(sql: postgres.Sql, sent: readonly Sent[]): Promise<string[]> {
  const ids = sent.map(({ messageId }) => messageId);
  const rows = await sql<{ message_id: string; line: string }[]>`
    select m.message_id, concat_ws(' ', m.status, m.origin, m.claim, m.attempts,
      extract(epoch from m.sent_at), extract(epoch from m.delivered_at), extract(epoch from m.read_at), m.state_at,
      (select string_agg(concat_ws('/', e.origin, e.status, e.claim, extract(epoch from e.occurred_at)), ' '
         order by e.origin, e.status)
       from projection.message_event e where e.tenant = m.tenant and e.message_id = m.message_id)) as line
    from projection.message m where m.message_id = any(${ids}::uuid[])`;
  const lines = new Map(rows.map((row) => [row.message_id, row.line]));
  return ids.map((id) => lines.get(id) ?? "unknown");
}

/** How many receipts of these messages are in the read model, each counted once. */
export async function receiptsIn(sql: postgres.Sql, sent: readonly Sent[]): Promise<number> {
  const [row] = await sql<{ receipts: number }[]>`
    select count(*)::int as receipts from projection.message_event
    where origin = 'provider' and message_id = any(${sent.map(({ messageId }) => messageId)}::uuid[])`;
  return row!.receipts;
}
