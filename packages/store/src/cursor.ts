/**
 * Exactly-once effects: how far a consumer has applied a partition stands in the same database as the effect and is written
 * in the same transaction. What Kafka hands over a second time lies below the cursor and is dropped. Locking the row also
 * makes a zombie member wait for the new owner of its partition, and then see that it has nothing left to do.
 */
import type { Queryable, Tx } from "./connect.ts";

export type StreamPosition = {
  /** Kafka group id; two duties of one service that read the same topic have a cursor each. */
  consumer: string;
  /** Kafka cluster id: offsets mean nothing in another cluster. */
  cluster: string;
  topic: string;
  partition: number;
};

/**
 * Locks the cursor until the end of the transaction. Returns the offset from which records are new, or null when nothing
 * was applied yet.
 */
export async function lockCursor(tx: Tx, position: StreamPosition): Promise<number | null> {
  const { consumer, cluster, topic, partition } = position;
  const select = () => tx<{ next_offset: number | null }[]>`
    select next_offset from stream_cursor
    where consumer = ${consumer} and cluster = ${cluster} and topic = ${topic} and partition = ${partition}
    for update`;
  let [row] = await select();
  if (row === undefined) {
    // Another process may insert the same row at the same moment; then this one waits for it in the second select.
    await tx`
      insert into stream_cursor (consumer, cluster, topic, partition)
      values (${consumer}, ${cluster}, ${topic}, ${partition}) on conflict do nothing`;
    [row] = await select();
  }
  return row?.next_offset ?? null;
}

/** Moves a locked cursor to the offset after the last applied record. It never moves back. */
export async function advanceCursor(tx: Tx, position: StreamPosition, nextOffset: number): Promise<void> {
  const { consumer, cluster, topic, partition } = position;
  await tx`
    update stream_cursor set next_offset = greatest(next_offset, ${nextOffset})
    where consumer = ${consumer} and cluster = ${cluster} and topic = ${topic} and partition = ${partition}`;
}

/** All cursors of one consumer, for the check at start. */
export async function readCursors(
  sql: Queryable,
  of: { consumer: string; cluster: string },
): Promise<(StreamPosition & { nextOffset: number | null })[]> {
  const rows = await sql<{ topic: string; partition: number; next_offset: number | null }[]>`
    select topic, partition, next_offset from stream_cursor
    where consumer = ${of.consumer} and cluster = ${of.cluster} order by topic, partition`;
  return rows.map((row) => ({
    ...of,
    topic: row.topic,
    partition: row.partition,
    nextOffset: row.next_offset,
  }));
}

/** The log was recreated or cut: the cursor points outside of it. Only a person can say what was lost. */
export class CursorBeyondLog extends Error {
  readonly position: StreamPosition;

  constructor(position: StreamPosition, nextOffset: number, log: { low: number; high: number }) {
    const { consumer, topic, partition } = position;
    super(
      `${consumer} has applied ${topic}[${partition}] up to offset ${nextOffset}, but the log reaches from ${log.low} to ${log.high}: ` +
        "the topic was recreated or truncated. Find out what is missing, then delete the row from stream_cursor to read from the log's start.",
    );
    this.name = "CursorBeyondLog";
    this.position = position;
  }
}

/** Throws CursorBeyondLog unless low ≤ cursor ≤ high. A consumer that never applied anything fits every log. */
export function checkCursor(
  position: StreamPosition,
  nextOffset: number | null,
  log: { low: number; high: number },
): void {
  if (nextOffset !== null && (nextOffset > log.high || nextOffset < log.low))
    throw new CursorBeyondLog(position, nextOffset, log);
}

/** The group has read what this database knows nothing of: it was set back. What it has forgotten must not be done again. */
export class DatabaseOlder extends Error {
  readonly position: StreamPosition;

  constructor(position: StreamPosition, known: number, committed: number) {
    const { consumer, topic, partition } = position;
    super(
      `this database is older than the topics: ${consumer} has read ${topic}[${partition}] up to offset ${committed}, and the database ` +
        `knows of ${known}. After a restore stop all services and run \`npm run restore\` (docs/operate/backup.md).`,
    );
    this.name = "DatabaseOlder";
    this.position = position;
  }
}

/** Throws DatabaseOlder unless committed ≤ cursor. Offsets outside of the log mean nothing: the group begins anew there. */
export function checkGroup(
  position: StreamPosition,
  { cursor, committed }: { cursor: number | null; committed: number | null },
  log: { low: number; high: number },
): void {
  if (committed === null || committed > log.high) return;
  const known = cursor ?? log.low;
  if (committed > known) throw new DatabaseOlder(position, known, committed);
}
