/**
 * Configuration outbox: a change and the record that tells of it are committed together, or not at all; one leased
 * publisher per service hands the records to Kafka in the order of their ids.
 */
import type { Sql, Tx } from "./connect.ts";
import { keepLease } from "./lease.ts";
import { measureOutbox } from "./measures.ts";

export type OutboxRow = {
  topic: string;
  partition: number;
  key: string;
  /** Encoded record; null is a tombstone. */
  value: Uint8Array | null;
  headers: Record<string, string>;
};

const wakeChannel = "config_outbox";

/**
 * Enqueues records in the caller's transaction. Call it after the entity's row was written: the row's lock then makes the
 * ids of one entity follow its versions, whatever else commits in between.
 */
export async function enqueue(tx: Tx, rows: readonly OutboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map((row) => ({
    topic: row.topic,
    partition: row.partition,
    key: row.key,
    value: row.value === null ? null : Buffer.from(row.value),
    headers: tx.json(row.headers),
  }));
  await tx`insert into config_outbox ${tx(values, "topic", "partition", "key", "value", "headers")}`;
  await tx`select pg_notify(${wakeChannel}, current_schema())`;
}

export type OutboxPublisher = {
  /** Why records don't leave at the moment, or null. */
  failing(): string | null;
  /** Awaits the batch under way and releases the lease. */
  stop(): Promise<void>;
};

/** Publishing ends within `publishDeadlineMs` or rejects; the lease must outlive it, or two publishers could reorder records. */
const publishDeadlineMs = 10_000;
const leaseMs = 20_000;
const batchRows = 500;
/** A net under the notification, which is lost while its connection is down. */
const pollMs = 1_000;
const retryMs = [100, 200, 500, 1_000, 2_000, 5_000];

/**
 * Publishes until stopped. `publish` resolves when Kafka has all rows (acks = all) and rejects within 10 s otherwise. Rows
 * are deleted after it, by their ids: a crash in between publishes them again, which readers tell by version or event id.
 */
export async function runOutboxPublisher(options: {
  sql: Sql;
  /** This process, for the lease. */
  owner: string;
  publish: (rows: OutboxRow[]) => Promise<void>;
  onError: (error: unknown) => void;
}): Promise<OutboxPublisher> {
  const { sql } = options;
  let stopping = false;
  let failures = 0;
  let failing: string | null = null;
  let awake = false;
  let wake: () => void = () => {};

  const ring = () => {
    awake = true;
    wake();
  };
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      if (awake || stopping) return resolve();
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const [schema] = await sql<{ name: string }[]>`select current_schema() as name`;
  const measured = measureOutbox(sql, schema?.name ?? "");
  const subscription = await sql.listen(wakeChannel, (payload) => {
    if (payload === schema?.name) ring();
  });
  const lease = keepLease({
    sql,
    name: "config_outbox",
    owner: options.owner,
    ttlMs: leaseMs,
    onError: options.onError,
    onAcquired: ring,
  });

  /** One batch; true when there may be more. */
  async function publishBatch(): Promise<boolean> {
    if (lease.held(publishDeadlineMs) === null) return false;
    const rows = await sql<(OutboxRow & { id: number })[]>`
      select id, topic, partition, key, value, headers from config_outbox order by id limit ${batchRows}`;
    // Asked again: the query may have taken long, and the records must not leave under a lease about to end.
    if (rows.length === 0 || lease.held(publishDeadlineMs) === null) return false;
    await options.publish(rows.map(({ id: _, ...row }) => row));
    await sql`delete from config_outbox where id = any(${rows.map((row) => row.id)})`;
    return true;
  }

  async function loop(): Promise<void> {
    while (!stopping) {
      awake = false;
      try {
        const more = await publishBatch();
        failures = 0;
        failing = null;
        if (!more) await pause(pollMs);
      } catch (error) {
        failing = error instanceof Error ? error.message : String(error);
        options.onError(error);
        awake = false; // A notification that came meanwhile is no reason to try again at once.
        await pause(retryMs[Math.min(failures++, retryMs.length - 1)]!);
      }
    }
  }
  const ended = loop();

  return {
    failing: () => failing,
    stop: async () => {
      stopping = true;
      measured.stop();
      wake();
      await ended;
      await subscription.unlisten().catch(options.onError);
      await lease.stop();
    },
  };
}
