/** The log was made anew or cut: what lies below the cursors would be dropped in silence. */
import type { Kafka } from "@wamesh/kafka";
import { CursorBeyondLog, checkCursor, readCursors, type Sql } from "@wamesh/store";

/** Why this consumer must not read on before a person has decided, or null. */
export async function misplacedCursor(
  { kafka, sql }: { kafka: Kafka; sql: Sql },
  consumer: string,
  topic: string,
): Promise<string | null> {
  const admin = await kafka.admin();
  try {
    // The cursors first: other processes go on meanwhile, and theirs would be beyond an end of the log that was read before.
    const cursors = await readCursors(sql, { consumer, cluster: await kafka.clusterId() });
    const ranges = await admin.offsets(topic);
    for (const { nextOffset, ...position } of cursors) {
      const range = ranges.find(({ partition }) => partition === position.partition);
      checkCursor(position, nextOffset, { low: Number(range?.low ?? 0), high: Number(range?.high ?? 0) });
    }
    return null;
  } catch (error) {
    if (error instanceof CursorBeyondLog) return error.message;
    throw error;
  } finally {
    await admin.close();
  }
}
