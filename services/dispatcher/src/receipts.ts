/**
 * Whether receipts have been read up to a moment ago. The consumer that reads them for a shard may be another process, so Kafka
 * is asked: how far the group has committed, and how long the log has been longer than that.
 */
import { type Topic, topics } from "@wamesh/events";
import type { Admin, Kafka } from "@wamesh/kafka";
import type { Log } from "@wamesh/service";

/** End of the log of a partition, and when it was there. */
type Sample = { at: number; high: number };

/** More than a commit's interval, a sample's and the consumer's linger together. */
const currentWithinMs = 6_000;
const everyMs = 1_000;
const keptMs = 60_000;

export function createReceiptClock() {
  const ends = new Map<number, Sample[]>();
  const readUntil = new Map<number, number>();
  return {
    /** Partitions as asked for just now; `committed` null: nothing read yet. */
    noted(
      now: number,
      partitions: readonly { partition: number; low: number; high: number; committed: number | null }[],
    ) {
      for (const { partition, low, high, committed } of partitions) {
        const samples = (ends.get(partition) ?? []).filter(({ at }) => at > now - keptMs);
        samples.push({ at: now, high });
        ends.set(partition, samples);
        const upTo = committed ?? low;
        const read = samples.findLast((sample) => sample.high <= upTo);
        if (read !== undefined) readUntil.set(partition, Math.max(read.at, readUntil.get(partition) ?? 0));
      }
    },
    /** Nothing known is not current: time may wait a little longer. */
    isCurrent: (partition: number, now: number) =>
      now - (readUntil.get(partition) ?? Number.NEGATIVE_INFINITY) <= currentWithinMs,
  };
}

/** Asks only while there is a doubt to decide. */
export function watchReceipts(deps: {
  kafka: Pick<Kafka, "admin">;
  groupId: string;
  topic?: Topic<unknown>;
  hasDoubts: () => boolean;
  log: Log;
}) {
  const { name } = deps.topic ?? topics.messageStatus;
  const clock = createReceiptClock();
  let admin: Admin | null = null;
  let isAsking = false;

  async function ask(): Promise<void> {
    admin ??= await deps.kafka.admin();
    const at = performance.now();
    const [ranges, committed] = await Promise.all([admin.offsets(name), admin.committed(deps.groupId, name)]);
    const read = new Map(committed.map(({ partition, offset }) => [partition, offset]));
    clock.noted(
      at,
      ranges.map(({ partition, low, high }) => {
        const offset = read.get(partition) ?? null;
        return {
          partition,
          low: Number(low),
          high: Number(high),
          committed: offset === null ? null : Number(offset),
        };
      }),
    );
  }

  const timer = setInterval(() => {
    if (isAsking || !deps.hasDoubts()) return;
    isAsking = true;
    ask()
      .catch((err: unknown) => {
        deps.log.warn({ err }, "how far receipts are read is not known: doubts wait");
        const broken = admin;
        admin = null;
        void broken?.close().catch(() => {});
      })
      .finally(() => {
        isAsking = false;
      });
  }, everyMs);
  timer.unref();
  return {
    isCurrent: (shard: number) => clock.isCurrent(shard, performance.now()),
    async stop() {
      clearInterval(timer);
      await admin?.close().catch(() => {});
    },
  };
}
