/** How far the partitions of a shard are admitted. */
import type { Schedule } from "./fence.ts";

export async function cursors({ sql }: Schedule, shard: number) {
  const rows = await sql<{ cluster: string; topic: string; partition: number; next_offset: string }[]>`
    select cluster, topic, partition, next_offset::text as next_offset from admit_cursor where partition = ${shard}`;
  return rows.map(({ next_offset, ...row }) => ({ ...row, nextOffset: next_offset }));
}
