/** Events that are not published yet, in order: after a take-over, or when they did not fit into memory. */
import type { Fence, OutboxRow, Reply } from "../store.ts";
import { readFence, type Schedule } from "./fence.ts";

export async function readOutbox(
  schedule: Schedule,
  { fence, after, upTo, limit }: { fence: Fence; after: number; upTo: number; limit: number },
): Promise<Reply & { rows: OutboxRow[] }> {
  const rows = await schedule.sql<
    { fence_shard: number; db_now: number; seq: number | null; event: Uint8Array }[]
  >`
    with ${readFence(schedule, [fence])},
    found as materialized (
      select seq, event from outbox
      where shard = ${fence.shard} and seq > ${after}::bigint and seq <= ${upTo}::bigint order by seq limit ${limit}::int)
    select f.shard as fence_shard, now_ms()::float8 as db_now, found.seq::float8 as seq, found.event
    from fence f left join found on true order by found.seq`;
  return {
    fenced: rows.length > 0 ? [fence.shard] : [],
    dbNow: rows[0]?.db_now ?? Number.NaN,
    rows: rows.flatMap((row) =>
      row.seq === null ? [] : [{ shard: fence.shard, seq: row.seq, event: row.event }],
    ),
  };
}
