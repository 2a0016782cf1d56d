/**
 * Tells wa.usage what was used, for bills: once a minute what has changed in the last days, once an hour in all days that may still
 * change. One process at a time does it, under a lease; should two, each takes down other rows.
 */
import { type Codec, eventHeaders, partition, topics } from "@wamesh/events";
import type { Producer } from "@wamesh/kafka";
import {
  enqueue,
  keepLease,
  type OutboxRow,
  runOutboxPublisher,
  type Sql,
  type Tx,
  withTenants,
} from "@wamesh/store";
import { countMessages, countPastSessions, countSessions, type UsageRow } from "./count.ts";
import { usageRecord } from "./record.ts";

const dayMs = 86_400_000;
const leaseMs = 30_000;
const batchRows = 1_000;
const everyMs = 60_000;
const recentDays = 3;
/** Receipts come late; after so many days nothing of the topics could change a sum. */
const allDays = 31;

export type UsageJob = {
  /** One round now, over so many days; how many records it enqueued. */
  round(days: number): Promise<number>;
  stop(): Promise<void>;
};

export async function startUsageJob(deps: {
  sql: Sql;
  codec: Codec;
  producer: Pick<Producer, "send">;
  /** Of wa.usage. */
  partitions: number;
  owner: string;
  now: () => number;
  log: { error(facts: object, message: string): void };
}): Promise<UsageJob> {
  const { sql, log, owner } = deps;
  const lease = keepLease({
    sql,
    name: "usage",
    owner,
    ttlMs: leaseMs,
    onError: (err) => log.error({ err }, "the lease of usage can't be kept"),
  });
  const publisher = await runOutboxPublisher({
    sql,
    owner,
    publish: (rows) =>
      deps.producer.send(
        rows.map((row) => ({ ...row, value: row.value === null ? null : Buffer.from(row.value) })),
      ),
    onError: (err) => log.error({ err }, "usage waits in the outbox"),
  });
  let rounds = 0;
  let running: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    if (lease.held(leaseMs / 3) === null) return;
    const days = rounds++ % 60 === 0 ? allDays : recentDays;
    running = running
      .then(() => round(days))
      .catch((err: unknown) => log.error({ err }, "usage can't be counted"));
  }, everyMs);

  /** Taken down and enqueued in one transaction: told again only when it changes, and never not at all. */
  async function told(count: (tx: Tx) => Promise<UsageRow[]>): Promise<number> {
    return await withTenants(sql, "all", async (tx) => {
      const rows = await count(tx);
      await enqueue(tx, rows.map(outboxRow));
      return rows.length;
    });
  }

  async function round(days: number): Promise<number> {
    const today = deps.now();
    const [from, day] = [dayOf(today - days * dayMs), dayOf(today)];
    let all = 0;
    for (const count of [
      (tx: Tx) => countMessages(tx, from, batchRows),
      (tx: Tx) => countSessions(tx, day, batchRows),
      ...(days < allDays ? [] : [(tx: Tx) => countPastSessions(tx, from, day, batchRows)]),
    ]) {
      let found: number;
      do {
        found = await told(count);
        all += found;
      } while (found === batchRows);
    }
    return all;
  }

  function outboxRow(row: UsageRow): OutboxRow {
    const record = usageRecord(row);
    const { tenant, usage_id: id, counted_at: timeMs } = record;
    return {
      topic: topics.usage.name,
      partition: partition(tenant, deps.partitions),
      key: tenant,
      value: deps.codec.encode(topics.usage, record),
      headers: eventHeaders({
        id: `${id}.${timeMs}`,
        type: "wamesh.usage",
        source: "/wamesh/status-projector",
        timeMs,
        tenant,
      }) as Record<string, string>,
    };
  }

  return {
    round,
    async stop() {
      clearInterval(timer);
      await running;
      await publisher.stop();
      await lease.stop();
    },
  };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
