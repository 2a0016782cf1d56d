/** Whether the logs are where the cursors left them: one that was made anew or cut would drop what lies below them in silence. */
import type { Sql } from "./connect.ts";
import { CursorBeyondLog, checkCursor, readCursors } from "./cursor.ts";

/** What of a Kafka client is needed here; offsets as Kafka counts them, `high` after the last. */
export type Logs = {
  clusterId(): Promise<string>;
  admin(): Promise<{
    offsets(topic: string): Promise<readonly { partition: number; low: string; high: string }[]>;
    close(): Promise<void>;
  }>;
};

/** Why this consumer must not read these topics on before a person has decided, or null. */
export async function misplacedCursor(at: {
  kafka: Logs;
  sql: Sql;
  consumer: string;
  /** Names. */
  topics: readonly string[];
}): Promise<string | null> {
  // The cursors first: other processes go on meanwhile, and theirs would be beyond an end of the log that was read before.
  const cursors = await readCursors(at.sql, { consumer: at.consumer, cluster: await at.kafka.clusterId() });
  const admin = await at.kafka.admin();
  try {
    for (const topic of at.topics) {
      const ranges = await admin.offsets(topic);
      for (const { nextOffset, ...position } of cursors) {
        if (position.topic !== topic) continue;
        const range = ranges.find(({ partition }) => partition === position.partition);
        checkCursor(position, nextOffset, { low: Number(range?.low ?? 0), high: Number(range?.high ?? 0) });
      }
    }
    return null;
  } catch (error) {
    if (error instanceof CursorBeyondLog) return error.message;
    throw error;
  } finally {
    await admin.close();
  }
}
