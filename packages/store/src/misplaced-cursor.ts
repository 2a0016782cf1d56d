/**
 * Whether cursors and logs fit together. A log that was made anew or cut would drop what lies below its cursor in silence; a
 * database that was set back would leave out what its group has read since, and do again what it has forgotten.
 */
import type { Sql } from "./connect.ts";
import { CursorBeyondLog, checkCursor, checkGroup, DatabaseOlder, readCursors } from "./cursor.ts";
import { notePositions } from "./positions.ts";

/** What of a Kafka client is needed here; offsets as Kafka counts them, `high` after the last. */
export type Logs = {
  clusterId(): Promise<string>;
  admin(): Promise<{
    committed(group: string, topic: string): Promise<readonly { partition: number; offset: string | null }[]>;
    offsets(topic: string): Promise<readonly { partition: number; low: string; high: string }[]>;
    close(): Promise<void>;
  }>;
};

/** Why this consumer must not read these topics on before a person has decided, or null. */
export async function misplacedCursor(at: {
  kafka: Logs;
  sql: Sql;
  /** Also the group's id. */
  consumer: string;
  /** Names. */
  topics: readonly string[];
}): Promise<string | null> {
  const { sql, consumer } = at;
  const cluster = await at.kafka.clusterId();
  const admin = await at.kafka.admin();
  try {
    // In this order, because other processes go on meanwhile: committed ≤ cursor ≤ end of the log stays true for what is
    // asked later.
    const committed = new Map<string, number>();
    for (const topic of at.topics)
      for (const { partition, offset } of await admin.committed(consumer, topic))
        if (offset !== null) committed.set(placeOf(topic, partition), Number(offset));
    const rows = await readCursors(sql, { consumer, cluster });
    const cursors = new Map(
      rows.map(({ topic, partition, nextOffset }) => [placeOf(topic, partition), nextOffset]),
    );
    for (const topic of at.topics)
      for (const range of await admin.offsets(topic)) {
        const place = placeOf(topic, range.partition);
        const position = { consumer, cluster, topic, partition: range.partition };
        const log = { low: Number(range.low), high: Number(range.high) };
        const cursor = cursors.get(place) ?? null;
        checkCursor(position, cursor, log);
        const group = committed.get(place) ?? null;
        // A database that never knew this consumer is new, not old. From now on it knows where the group is.
        if (rows.length > 0) checkGroup(position, { cursor, committed: group }, log);
        else if (group !== null && group >= log.low && group <= log.high)
          await notePositions(sql, { consumer, cluster }, [
            { topic, partition: range.partition, offset: String(group) },
          ]);
      }
    return null;
  } catch (error) {
    if (error instanceof CursorBeyondLog || error instanceof DatabaseOlder) return error.message;
    throw error;
  } finally {
    await admin.close();
  }
}

function placeOf(topic: string, partition: number): string {
  return `${topic}[${partition}]`;
}
