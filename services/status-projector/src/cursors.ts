/** Whether the rows, the log and the group's offsets fit together, before anything is consumed. */
import type { Admin } from "@wamesh/kafka";
import { checkCursor, readCursors, type Sql } from "@wamesh/store";

/**
 * Throws CursorBeyondLog when a topic was recreated or truncated. Where the database is older than the group's offsets (restored
 * from a backup, or a fresh schema), the group goes back to the beginning and the cursors filter what is known already; that
 * takes a group without members, so with other processes running it throws too. True when it went back.
 */
export async function alignWithLog(
  deps: { sql: Sql; admin: Admin },
  consumer: string,
  topics: readonly string[],
): Promise<boolean> {
  const { sql, admin } = deps;
  const cluster = await admin.clusterId();
  // In this order, because other processes go on meanwhile: committed ≤ cursor ≤ high stays true for what is read later.
  const committed = new Map<string, number>();
  for (const topic of topics)
    for (const { partition, offset } of await admin.committed(consumer, topic))
      committed.set(`${topic}[${partition}]`, Number(offset ?? 0));
  const cursors = new Map(
    (await readCursors(sql, { consumer, cluster })).map((row) => [
      `${row.topic}[${row.partition}]`,
      row.nextOffset,
    ]),
  );
  const behind = new Set<string>();
  for (const topic of topics)
    for (const { partition, low, high } of await admin.offsets(topic)) {
      const place = `${topic}[${partition}]`;
      const cursor = cursors.get(place) ?? null;
      const log = { low: Number(low), high: Number(high) };
      checkCursor({ consumer, cluster, topic, partition }, cursor, log);
      if ((cursor ?? log.low) < (committed.get(place) ?? 0)) behind.add(topic);
    }
  // Some seconds per topic: the group is joined for each.
  if (behind.size > 0) await admin.resetOffsets(consumer, [...behind]);
  return behind.size > 0;
}
