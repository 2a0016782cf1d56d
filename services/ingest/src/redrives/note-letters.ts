/** The consumer of wa.dead: which messages were given up, and where they lie. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Codec, DeadLetter } from "@wamesh/events";
import type { Batch } from "@wamesh/kafka";
import { advanceCursor, isStoreUnavailable, lockCursor, type Sql, withTenants } from "@wamesh/store";
import { messageOf } from "./letter.ts";
import { type LetterRow, noteLetters } from "./letters-store.ts";

export type LetterDeps = {
  sql: Sql;
  codec: Codec;
  /** Names the cursors. */
  consumer: string;
  /** Told of each failure of Postgres that is waited for. */
  onError: (error: unknown) => void;
};

const pauseMs = 500;

/**
 * Handler of wa.dead. Twice is harmless: what was noted lies below the cursor, which moves in the same transaction, and a
 * letter that was published twice has one id. Letters of no tenant are the operator's, and nobody's to send.
 */
export function createLetterWorker(deps: LetterDeps) {
  return async (batch: Batch<DeadLetter>): Promise<undefined> => {
    const rows: LetterRow[] = [];
    for (const { record, offset } of batch.records) {
      const row = await rowOf(record, { partition: batch.partition, offset: Number(offset) }, deps.codec);
      if (row !== null) rows.push(row);
    }
    for (;;) {
      try {
        return await apply(deps, batch, rows);
      } catch (error) {
        if (!isStoreUnavailable(error)) throw error;
        deps.onError(error);
        await sleep(pauseMs, undefined, { signal: batch.signal });
      }
    }
  };
}

async function apply(
  deps: LetterDeps,
  batch: Batch<DeadLetter>,
  rows: readonly LetterRow[],
): Promise<undefined> {
  const { topic, partition } = batch;
  const position = { consumer: deps.consumer, cluster: batch.clusterId, topic, partition };
  await withTenants(deps.sql, "all", async (tx) => {
    const cursor = (await lockCursor(tx, position)) ?? 0;
    await noteLetters(
      tx,
      rows.filter(({ log_offset }) => log_offset >= cursor),
    );
    await advanceCursor(tx, position, Number(batch.nextOffset));
  });
}

async function rowOf(
  letter: DeadLetter,
  place: { partition: number; offset: number },
  codec: Codec,
): Promise<LetterRow | null> {
  if (letter.tenant === null) return null;
  const message = await messageOf(letter, codec);
  return {
    tenant: letter.tenant,
    dead_id: letter.dead_id,
    origin_topic: letter.origin_topic,
    redrivable: message !== null,
    message_id: letter.message_id,
    campaign: message?.campaign ?? null,
    reason: letter.reason.code,
    fault_class: letter.reason.fault_class,
    occurredAt: letter.occurred_at,
    log_partition: place.partition,
    log_offset: place.offset,
  };
}
