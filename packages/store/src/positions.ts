/**
 * How far a consumer without a cursor of its own has got, noted before its group commits it. Not for exactly-once effects: what
 * lies above was done too, perhaps. It lets a database that was set back be told from one that was not, and says from where on
 * the log knows more.
 */
import type { Queryable } from "./connect.ts";

type Positions = readonly { topic: string; partition: number; offset: string }[];

/** They never move back. Twice is harmless. */
export async function notePositions(
  sql: Queryable,
  of: { consumer: string; cluster: string },
  positions: Positions,
): Promise<void> {
  if (positions.length === 0) return;
  await sql`
    insert into stream_cursor as kept (consumer, cluster, topic, partition, next_offset)
    select ${of.consumer}, ${of.cluster}, topic, partition, next_offset
    from unnest(${positions.map(({ topic }) => topic)}::text[], ${positions.map(({ partition }) => partition)}::int[],
      ${positions.map(({ offset }) => offset)}::bigint[]) p (topic, partition, next_offset)
    order by topic, partition
    on conflict (consumer, cluster, topic, partition) do update
      set next_offset = greatest(kept.next_offset, excluded.next_offset)`;
}

/** For a consumer to tell before it commits. Offsets mean nothing in another cluster, so its id is asked for once. */
export function noting(at: {
  sql: Queryable;
  kafka: { clusterId(): Promise<string> };
  consumer: string;
}): (positions: Positions) => Promise<void> {
  return async (positions) =>
    notePositions(at.sql, { consumer: at.consumer, cluster: await at.kafka.clusterId() }, positions);
}
