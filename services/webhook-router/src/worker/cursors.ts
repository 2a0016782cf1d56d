/** Whether the logs are where the cursors left them. */
import type { Topic } from "@wamesh/events";
import type { Kafka } from "@wamesh/kafka";
import { CursorBeyondLog, checkCursor, readCursors, type Sql } from "@wamesh/store";

/** Why these topics can't be read on from where they were left, or null. A person must decide then. */
export async function misplacedCursor(at: {
  kafka: Kafka;
  sql: Sql;
  consumer: string;
  topics: readonly Topic<unknown>[];
}): Promise<string | null> {
  const cluster = await at.kafka.clusterId();
  const cursors = await readCursors(at.sql, { consumer: at.consumer, cluster });
  const admin = await at.kafka.admin();
  try {
    for (const { name } of at.topics) {
      const ranges = await admin.offsets(name);
      for (const { nextOffset, ...position } of cursors) {
        if (position.topic !== name) continue;
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
